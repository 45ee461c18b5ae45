using Stackelberg.Tensors.Internals;

namespace Stackelberg.Tensors;

/// <content>Reverse mode.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>The gradient of a number [1 × 1] with respect to a variable; same shape as the variable.</summary>
    public Variable Gradient(Variable output, Variable variable)
    {
        Variable gradient = default;
        Gradient(output, new ReadOnlySpan<Variable>(in variable), new Span<Variable>(ref gradient));
        return gradient;
    }

    /// <summary>The gradients of a number [1 × 1] with respect to several variables.</summary>
    public void Gradient(Variable output, ReadOnlySpan<Variable> variables, Span<Variable> gradients)
    {
        Variable seed = SeedOf(output);
        Gradient(new ReadOnlySpan<Variable>(in output), new ReadOnlySpan<Variable>(in seed), variables, gradients);
    }

    /// <summary>
    /// The vector-Jacobian products Σₖ seedₖᵀ ∂outputₖ / ∂variableᵢ, recorded as operations of this tape.
    /// </summary>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="seeds">One per output, of its shape.</param>
    /// <param name="variables">
    /// With respect to what: leaves or results. Only operations between these and the outputs are visited. A result that depends on another of the
    /// variables passes its share on: the gradient of the earlier one is the total derivative.
    /// </param>
    /// <param name="gradients">Receives one variable per entry of <paramref name="variables"/>, of its shape; zeros where no output depends on it.</param>
    /// <exception cref="ArgumentException">Counts or shapes do not fit.</exception>
    public void Gradient(
        ReadOnlySpan<Variable> outputs, ReadOnlySpan<Variable> seeds, ReadOnlySpan<Variable> variables, Span<Variable> gradients)
    {
        if (variables.Length != gradients.Length)
        {
            TapeErrors.Counts("variables", variables.Length, "places for gradients", gradients.Length);
        }

        int end = Begin(outputs, seeds, variables);
        Pull(outputs, seeds, end);
        for (int i = 0; i < variables.Length; i++)
        {
            int x = variables[i].Index;
            gradients[i] = nodes[x].Derivative >= 0
                ? Handle(Settle(x))
                : Handle(NewConstant(nodes[x].Rows, nodes[x].Columns));
        }
    }

    /// <summary>
    /// The gradient of a number with respect to all tensors of a network, written into one flat vector.
    /// </summary>
    /// <inheritdoc cref="Gradient(ReadOnlySpan{Variable}, ReadOnlySpan{Variable}, ReadOnlySpan{Variable}, ParameterLayout, FlatVector{T}, bool)"/>
    public void Gradient(
        Variable output, ReadOnlySpan<Variable> parameters, ParameterLayout layout, FlatVector<T> into, bool accumulate = false)
    {
        Variable seed = SeedOf(output);
        Gradient(new ReadOnlySpan<Variable>(in output), new ReadOnlySpan<Variable>(in seed), parameters, layout, into, accumulate);
    }

    /// <summary>
    /// The vector-Jacobian products with respect to all tensors of a network, written into one flat vector without intermediate copies.
    /// </summary>
    /// <param name="parameters">The variables of <see cref="Leaves"/>, one per tensor of the layout and all different.</param>
    /// <param name="layout">Where each gradient goes.</param>
    /// <param name="into">The gradient; padding stays zero. The result is not a variable: it is not differentiated further.</param>
    /// <param name="accumulate">Whether to add to what <paramref name="into"/> holds, instead of replacing it.</param>
    /// <exception cref="ArgumentException">Counts or shapes do not fit, or a variable appears twice.</exception>
    public void Gradient(
        ReadOnlySpan<Variable> outputs,
        ReadOnlySpan<Variable> seeds,
        ReadOnlySpan<Variable> parameters,
        ParameterLayout layout,
        FlatVector<T> into,
        bool accumulate = false)
    {
        ArgumentNullException.ThrowIfNull(into);
        CheckLayout(parameters, layout, into);
        int end = Begin(outputs, seeds, parameters);
        for (int i = 0; i < parameters.Length; i++)
        {
            ref TapeNode<T> node = ref nodes[parameters[i].Index];
            if (node.Destination != null)
            {
                ClearDestinations(parameters[..i]);
                throw new ArgumentException($"The variable for tensor '{layout.Blocks[i].Name}' appears twice among the parameters; give each once.");
            }

            node.Destination = into.Pointer + layout.Blocks[i].Offset;
        }

        if (accumulate)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                ref TapeNode<T> node = ref nodes[parameters[i].Index];
                T* held = node.Destination;
                Append(Operation.Leaf, node.Rows, node.Columns, -1).Data = held;
                nodes[parameters[i].Index].Derivative = count - 1;
                nodes[parameters[i].Index].Marks |= NodeMarks.Owned;
            }
        }

        try
        {
            Pull(outputs, seeds, end);
            for (int i = 0; i < parameters.Length; i++)
            {
                int x = parameters[i].Index;
                if (Settle(x) < 0)
                {
                    new Span<T>(nodes[x].Destination, nodes[x].Size).Clear();
                }
            }
        }
        finally
        {
            ClearDestinations(parameters);
        }

        GC.KeepAlive(into);
    }

    private void ClearDestinations(ReadOnlySpan<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            nodes[variable.Index].Destination = null;
        }
    }

    private Variable SeedOf(Variable output)
    {
        int index = IndexOf(output);
        CheckShape("Gradient", index, 1, 1, "a number, [1 × 1], has a gradient; reduce it with Sum or Mean, or give seeds");
        return Constant(1.0);
    }

    /// <summary>Checks, and marks the nodes that depend on the variables; returns the last output's index.</summary>
    private int Begin(ReadOnlySpan<Variable> outputs, ReadOnlySpan<Variable> seeds, ReadOnlySpan<Variable> variables)
    {
        if (outputs.Length != seeds.Length)
        {
            TapeErrors.Counts("outputs", outputs.Length, "seeds", seeds.Length);
        }

        int end = -1;
        for (int k = 0; k < outputs.Length; k++)
        {
            int output = IndexOf(outputs[k]);
            int seed = IndexOf(seeds[k]);
            CheckPair("Gradient", output, seed, "a seed must have its output's shape");
            end = Math.Max(end, output);
        }

        BeginSweep(variables, end);
        return end;
    }

    private void CheckPair(string method, int a, int b, string rule)
    {
        if (nodes[a].Rows != nodes[b].Rows || nodes[a].Columns != nodes[b].Columns)
        {
            TapeErrors.Shapes(method, nodes[a].Rows, nodes[a].Columns, nodes[b].Rows, nodes[b].Columns, rule);
        }
    }

    private void Pull(ReadOnlySpan<Variable> outputs, ReadOnlySpan<Variable> seeds, int end)
    {
        for (int k = 0; k < outputs.Length; k++)
        {
            if (Needs(outputs[k].Index))
            {
                Accumulate(outputs[k].Index, seeds[k].Index, owned: false);
            }
        }

        for (int i = end; i >= sweepStart; i--)
        {
            if (nodes[i].Derivative >= 0 && nodes[i].Operation > Operation.StopGradient && (nodes[i].Marks & NodeMarks.Needed) != 0)
            {
                Pull(i);
            }
        }
    }
}
