using Google.Protobuf;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>A protocol buffer message in the making, field by field.</summary>
/// <remarks>TensorBoard's messages are few and flat, so their field numbers stand where they are written, and no code is generated from its files.</remarks>
internal sealed class Message
{
    private readonly MemoryStream bytes = new();
    private readonly CodedOutputStream output;

    public Message() => output = new CodedOutputStream(bytes, leaveOpen: true);

    /// <summary>Adds a <c>double</c>.</summary>
    public Message Double(int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
        return this;
    }

    /// <summary>Adds a <c>float</c>.</summary>
    public Message Float(int field, float value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
        return this;
    }

    /// <summary>Adds an integer, a truth value or a value of an enumeration.</summary>
    public Message Integer(int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
        return this;
    }

    /// <summary>Adds a <c>string</c>, or <c>bytes</c> that are text.</summary>
    public Message Text(int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
        return this;
    }

    /// <summary>Adds a message, or <c>bytes</c> that hold one.</summary>
    public Message Add(int field, Message value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value.ToArray()));
        return this;
    }

    /// <summary>The message as it stands on the wire.</summary>
    public byte[] ToArray()
    {
        output.Flush();
        return bytes.ToArray();
    }
}
