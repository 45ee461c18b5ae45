using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>The normals of a stream as batches draw them: block after block, read one by one.</summary>
internal sealed class NoiseBlocks(RandomStream stream, int length)
{
    private readonly double[] block = new double[length];
    private int next = length;

    public double Next()
    {
        if (next == block.Length)
        {
            stream.FillNormalBlock(block);
            next = 0;
        }

        return block[next++];
    }
}
