using Stackelberg.Tensors.Internals;

namespace Stackelberg.Tensors;

/// <content>Forward mode.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>The derivative of <paramref name="output"/> along a tangent of one variable; same shape as the output.</summary>
    public Variable Jvp(Variable output, Variable variable, Variable tangent)
    {
        Variable result = default;
        Jvp(
            new ReadOnlySpan<Variable>(in output),
            new ReadOnlySpan<Variable>(in variable),
            new ReadOnlySpan<Variable>(in tangent),
            new Span<Variable>(ref result));
        return result;
    }

    /// <summary>
    /// The Jacobian-vector products Σᵢ ∂outputₖ / ∂variableᵢ · tangentᵢ, recorded as operations of this tape. The outputs may be gradients: this is
    /// forward over reverse.
    /// </summary>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="variables">With respect to what: leaves or results. A result's tangent adds to the one it gets from earlier variables.</param>
    /// <param name="tangents">One per variable, of its shape.</param>
    /// <param name="results">Receives one variable per output, of its shape; zeros where the output depends on no variable.</param>
    /// <exception cref="ArgumentException">Counts or shapes do not fit.</exception>
    public void Jvp(
        ReadOnlySpan<Variable> outputs, ReadOnlySpan<Variable> variables, ReadOnlySpan<Variable> tangents, Span<Variable> results)
    {
        if (outputs.Length != results.Length)
        {
            TapeErrors.Counts("outputs", outputs.Length, "places for results", results.Length);
        }

        if (variables.Length != tangents.Length)
        {
            TapeErrors.Counts("variables", variables.Length, "tangents", tangents.Length);
        }

        int end = -1;
        foreach (Variable output in outputs)
        {
            end = Math.Max(end, IndexOf(output));
        }

        for (int k = 0; k < variables.Length; k++)
        {
            CheckPair("Jvp", IndexOf(variables[k]), IndexOf(tangents[k]), "a tangent must have its variable's shape");
        }

        BeginSweep(variables, end);
        MarkReached(outputs, end);
        for (int k = 0; k < variables.Length; k++)
        {
            Accumulate(variables[k].Index, tangents[k].Index, owned: false);
        }

        for (int i = sweepStart; i <= end; i++)
        {
            if (nodes[i].Operation > Operation.StopGradient && IsActive(i))
            {
                if (Needs(nodes[i].A) || Needs(nodes[i].B) || Needs(nodes[i].C))
                {
                    Push(i);
                }

                if (nodes[i].Derivative < 0)
                {
                    // the tangent is zero: what follows need not know
                    nodes[i].Marks &= ~NodeMarks.Needed;
                }
            }
        }

        for (int k = 0; k < outputs.Length; k++)
        {
            int x = outputs[k].Index;
            results[k] = Needs(x) && nodes[x].Derivative >= 0
                ? Handle(Settle(x))
                : Handle(NewConstant(nodes[x].Rows, nodes[x].Columns));
        }
    }

    private bool IsActive(int i) => (nodes[i].Marks & (NodeMarks.Needed | NodeMarks.Reached)) == (NodeMarks.Needed | NodeMarks.Reached);

    private void MarkReached(ReadOnlySpan<Variable> outputs, int end)
    {
        foreach (Variable output in outputs)
        {
            Reach(output.Index);
        }

        for (int i = end; i >= sweepStart; i--)
        {
            if (IsActive(i) && nodes[i].Operation > Operation.StopGradient)
            {
                Reach(nodes[i].A);
                Reach(nodes[i].B);
                Reach(nodes[i].C);
            }
        }
    }

    private void Reach(int index)
    {
        if (index >= sweepStart)
        {
            nodes[index].Marks |= NodeMarks.Reached;
        }
    }
}
