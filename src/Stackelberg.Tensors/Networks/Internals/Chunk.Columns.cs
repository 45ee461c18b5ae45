using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <content>Columns of the Hessian for unit vectors at or behind the last hidden layer, which move one hidden unit at most.</content>
internal readonly unsafe partial struct Chunk<T>
{
    private int Penultimate => Last - 1;

    /// <summary>Whether <see cref="LateColumn"/> applies: a scalar head on a hidden layer of padded rows, fed by padded rows or by inputs.</summary>
    public static bool HasLateColumns(Layer[] layers) =>
        Layer.HaveScalarHead(layers) && (layers.Length == 2 || layers[^2].In > 1);

    /// <summary>Fills what the columns share.</summary>
    public void PrepareLateColumns(HessianColumnRoom<T> room, int row)
    {
        Layer hidden = Layers[Penultimate];
        T* slopes = room.Slopes(row);
        T* w = Parameters + Layers[Last].Weight;
        switch (hidden.Activation)
        {
            case Activation.Relu:
                SimdPass.Run<T, SlopePass<T, ReluSlope<T>>>(new(Rows, hidden.OutStride, Leaving(Penultimate), w, slopes));
                break;
            case Activation.Tanh:
                SimdPass.Run<T, SlopePass<T, TanhSlope<T>>>(new(Rows, hidden.OutStride, Leaving(Penultimate), w, slopes));
                break;
            default:
                SimdPass.Run<T, SlopePass<T, IdentitySlope<T>>>(new(Rows, hidden.OutStride, Leaving(Penultimate), w, slopes));
                break;
        }

        if (Penultimate > 0)
        {
            BackProduct(Penultimate, slopes).Into(new StoreEpilogue<T>(room.SlopesBelow(row), hidden.InStride));
        }
    }

    /// <summary>
    /// The column of one unit vector. With c the tangent of the hidden unit b it moves (if any), RΔ of the hidden layer is
    /// Rδ (φ′ ∘ w) + e_b s, a multiple per row of what is prepared, plus one entry; below, it is again such a multiple, plus s times
    /// one row of the transposed weight, plus one entry.
    /// </summary>
    public void LateColumn(LossRecord<T> loss, HessianColumnRoom<T> room, int row, int worker, LateUnitVector at, T* target)
    {
        Layer head = Layers[Last], hidden = Layers[Penultimate];
        T* moving = room.MovingUnit(worker);
        T* extra = room.Extra(worker);
        HeadTangents(loss, row, at, moving, extra);

        T* headDelta = Workspace.Cotangents[Last].Pointer;
        T* delta = Workspace.Cotangents[Penultimate].Pointer;
        T* weighted = target + head.Weight;
        T* biasSums = target + hidden.Bias;
        SimdPass.Run<T, ScaleRowsPass<T>>(new(
            Rows, hidden.OutStride, headDelta, room.Slopes(row), Leaving(Penultimate), delta, weighted, biasSums));
        WeightProducts.Bias(head, Rows, headDelta, target);
        if (at.Unit >= 0)
        {
            T* lossDelta = loss.Cotangent(Last, row);
            for (int i = 0; i < Rows; i++)
            {
                delta[((nint)i * hidden.OutStride) + at.Unit] += extra[i];
                biasSums[at.Unit] += extra[i];
                weighted[at.Unit] = T.FusedMultiplyAdd(lossDelta[i], moving[i], weighted[at.Unit]);
            }
        }

        WeightProducts.Weight(hidden, Rows, Entering(Penultimate), delta, null, null, target);
        if (Penultimate > 0)
        {
            BelowLateColumn(loss, room, row, at, extra, target);
        }
    }

    /// <summary>
    /// Per row: the tangent of the moved hidden unit, the extra entry s of its RΔ, and (in the workspace) RΔ of the head.
    /// </summary>
    private void HeadTangents(LossRecord<T> loss, int row, LateUnitVector at, T* moving, T* extra)
    {
        Layer head = Layers[Last], hidden = Layers[Penultimate];
        T* outputTangent = Workspace.Column;
        T* lossDelta = loss.Cotangent(Last, row);
        T weight = at.Unit >= 0 ? Parameters[head.Weight + at.Unit] : T.Zero;
        T* unit = Leaving(Penultimate) + Math.Max(at.Unit, 0);
        T* entering = Entering(Penultimate) + Math.Max(at.Input, 0);
        bool isTanh = hidden.Activation == Activation.Tanh;
        for (int i = 0; i < Rows; i++)
        {
            T h = unit[(nint)i * hidden.OutStride];
            T slope = isTanh ? T.FusedMultiplyAdd(-h, h, T.One) : hidden.Activation == Activation.Relu && !(h > T.Zero) ? T.Zero : T.One;
            if (at.InHead)
            {
                moving[i] = T.Zero;
                extra[i] = lossDelta[i] * slope;
                outputTangent[i] = at.Unit >= 0 ? h : T.One;
            }
            else
            {
                T tangent = slope * (at.Input >= 0 ? entering[(nint)i * hidden.InStride] : T.One);
                moving[i] = tangent;
                extra[i] = isTanh ? -(h + h) * tangent * lossDelta[i] * weight : T.Zero;
                outputTangent[i] = tangent * weight;
            }
        }

        T* tangents = Workspace.Values[Last].Pointer;
        switch (head.Activation)
        {
            case Activation.Relu:
                RowPasses.Apply(Rows, outputTangent, new ReluBackwardEpilogue<T>(tangents, 0, Outputs));
                break;
            case Activation.Tanh:
                RowPasses.Apply(Rows, outputTangent, new TanhBackwardEpilogue<T>(tangents, 0, Outputs));
                break;
            default:
                new ReadOnlySpan<T>(outputTangent, Rows).CopyTo(new Span<T>(tangents, Rows));
                break;
        }

        Curve(loss, row, tangents);
        OutputCurvature(loss.Backward, row, tangents);
    }

    private void BelowLateColumn(LossRecord<T> loss, HessianColumnRoom<T> room, int row, LateUnitVector at, T* extra, T* target)
    {
        switch (Layers[Penultimate - 1].Activation)
        {
            case Activation.Relu:
                BelowLateColumn<ReluSlope<T>>(loss, room, row, at, extra, target);
                break;
            case Activation.Tanh:
                BelowLateColumn<TanhSlope<T>>(loss, room, row, at, extra, target);
                break;
            default:
                BelowLateColumn<IdentitySlope<T>>(loss, room, row, at, extra, target);
                break;
        }
    }

    private void BelowLateColumn<TSlope>(LossRecord<T> loss, HessianColumnRoom<T> room, int row, LateUnitVector at, T* extra, T* target)
        where TSlope : struct, ISlope<T>
    {
        Layer hidden = Layers[Penultimate];
        int below = Penultimate - 1;
        T* delta = Workspace.Cotangents[below].Pointer;
        T* biasSums = target + Layers[below].Bias;
        // the head's bias moves no hidden unit: its extra entries are not used
        T* weightRow = at.Unit >= 0 ? Transposes.Of(Penultimate) + ((nint)at.Unit * hidden.InStride) : Workspace.Zeros;
        SimdPass.Run<T, ScaleRowsThroughPass<T, TSlope>>(new(
            Rows,
            hidden.InStride,
            Workspace.Cotangents[Last].Pointer,
            room.SlopesBelow(row),
            extra,
            weightRow,
            Entering(Penultimate),
            delta,
            biasSums));
        if (!at.InHead && at.Input >= 0)
        {
            T* lossDelta = loss.Cotangent(Penultimate, row) + at.Unit;
            T* h = Entering(Penultimate) + at.Input;
            for (int i = 0; i < Rows; i++)
            {
                T entry = TSlope.Once<T, Scalar<T>>(h[(nint)i * hidden.InStride], lossDelta[(nint)i * hidden.OutStride]);
                delta[((nint)i * hidden.InStride) + at.Input] += entry;
                biasSums[at.Input] += entry;
            }
        }

        WeightProducts.Weight(Layers[below], Rows, Entering(below), delta, null, null, target);
        // nothing moves further below: an ordinary backward pass
        for (int i = below; i > 0; i--)
        {
            T* next = Workspace.Cotangents[i - 1].Pointer;
            BackProduct(i, Workspace.Cotangents[i].Pointer).Differentiate(Layers[i - 1].Activation, Leaving(i - 1), next);
            WriteGradient(i - 1, next, target);
        }
    }
}
