namespace Stackelberg.Reports.TensorBoard;

/// <summary>A value of a configuration: a <see cref="double"/>, a <see cref="bool"/> or a <see cref="string"/>.</summary>
internal readonly record struct HyperParameter(string Key, object Value);

/// <summary>The events that TensorBoard reads, by the field numbers of its files <c>event.proto</c>, <c>summary.proto</c>, <c>tensor.proto</c> and <c>hparams/plugin_data.proto</c>.</summary>
internal static class Events
{
    // tensor.proto, types.proto
    private const int Float = 1;
    private const int String = 7;

    // summary.proto: a tensor with a plugin of its own, unlike a scalar
    private const int TensorClass = 2;

    private const int SessionStart = 1;
    private const int Success = 1;

    /// <summary>What every file begins with. Readers purge only in files that say so.</summary>
    /// <param name="wall">Seconds since 1970, as everywhere here.</param>
    public static Message Version(double wall) => new Message().Double(1, wall).Text(3, "brain.Event:2");

    /// <summary>Tells readers that training begins at a step: what they have read of it and of later ones is void.</summary>
    public static Message Start(double wall, long step) => Event(wall, step).Add(7, new Message().Integer(1, SessionStart));

    /// <summary>Numbers of one step. TensorBoard keeps scalars in single precision.</summary>
    public static Message Scalars(double wall, long step, IEnumerable<(string Tag, double Value)> scalars)
    {
        Message summary = new();
        foreach ((string tag, double value) in scalars)
        {
            summary.Add(1, new Message().Text(1, tag).Float(2, (float)value));
        }

        return Event(wall, step).Add(5, summary);
    }

    /// <summary>A text in Markdown.</summary>
    public static Message Text(double wall, long step, string tag, string markdown)
    {
        Message shape = new Message().Add(2, new Message().Integer(1, 1));
        Message tensor = new Message().Integer(1, String).Add(2, shape).Text(8, markdown);
        return Event(wall, step).Add(5, new Message().Add(1, new Message().Text(1, tag).Add(8, tensor).Add(9, Metadata("text", new Message()))));
    }

    /// <summary>A run's own hyper-parameters.</summary>
    /// <remarks>
    /// No experiment record is written: it would list the columns of the whole table, and whichever run wrote it would hide the keys that it does not have itself. Without one
    /// TensorBoard gathers the columns from all runs. Nor is a group named: of runs in one group TensorBoard shows the values of the first.
    /// </remarks>
    public static Message HyperParameters(double wall, long step, IEnumerable<HyperParameter> parameters)
    {
        Message start = new();
        foreach (HyperParameter parameter in parameters)
        {
            start.Add(1, new Message().Text(1, parameter.Key).Add(2, ValueOf(parameter.Value)));
        }

        return HyperParameterEvent(wall, step, "_hparams_/session_start_info", new Message().Add(3, start.Double(5, wall)));
    }

    /// <summary>That a run has finished.</summary>
    public static Message Finished(double wall, long step) =>
        HyperParameterEvent(wall, step, "_hparams_/session_end_info", new Message().Add(4, new Message().Integer(1, Success).Double(2, wall)));

    private static Message Event(double wall, long step) => new Message().Double(1, wall).Integer(2, step);

    // google/protobuf/struct.proto
    private static Message ValueOf(object value) => value switch
    {
        double number => new Message().Double(2, number),
        bool truth => new Message().Integer(4, truth ? 1 : 0),
        _ => new Message().Text(3, (string)value),
    };

    // the content is in the metadata; the tensor is there because a value has to have one
    private static Message HyperParameterEvent(double wall, long step, string tag, Message content)
    {
        Message shape = new Message().Add(2, new Message().Integer(1, 1));
        Message tensor = new Message().Integer(1, Float).Add(2, shape).Float(5, 0);
        return Event(wall, step).Add(5, new Message().Add(1, new Message().Text(1, tag).Add(8, tensor).Add(9, Metadata("hparams", content))));
    }

    private static Message Metadata(string plugin, Message content) =>
        new Message().Add(1, new Message().Text(1, plugin).Add(2, content)).Integer(4, TensorClass);
}
