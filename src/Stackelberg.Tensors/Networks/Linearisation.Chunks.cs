using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Networks;

public sealed unsafe partial class Linearisation<T>
{
    private void Run(Action<int, int> body)
    {
        if (crew is not null && chunks.Count > 1)
        {
            crew.Run(body, chunks.Count);
            return;
        }

        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            body(chunk, 0);
        }
    }

    /// <summary>
    /// Runs chunks that each write the layers' part of a parameter vector to their target, and adds them to the result in the order of the
    /// chunks.
    /// </summary>
    private void RunAndAdd(Action<int, int> body, T* result, bool accumulate)
    {
        if (crew is not null && chunks.Count > 1)
        {
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                targetOfChunk[chunk] = TargetOf(chunk, chunk, result, accumulate);
            }

            crew.Run(body, chunks.Count);
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                AddPartial(chunk, result);
            }
        }
        else
        {
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                targetOfChunk[chunk] = TargetOf(chunk, 0, result, accumulate);
                body(chunk, 0);
                AddPartial(chunk, result);
            }
        }

        if (!accumulate)
        {
            new Span<T>(result + layerStorage, Layout.Parameters.Length - layerStorage).Clear();
        }
    }

    /// <summary>The first chunk of a fresh result writes in place; the others write to their own partial.</summary>
    private T* TargetOf(int chunk, int partial, T* result, bool accumulate) =>
        chunk == 0 && !accumulate ? result : partials[partial].Pointer;

    private void AddPartial(int chunk, T* result)
    {
        if (targetOfChunk[chunk] != result)
        {
            RowPasses.Apply(layerStorage, targetOfChunk[chunk], new AccumulateEpilogue<T>(result, 0));
        }
    }
}
