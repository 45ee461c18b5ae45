using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Tests.Exports;

/// <summary>ST-DDPG's leader gradient from the files of an export, by double backward on the tape and conjugate gradients of its own.</summary>
internal sealed class ExportedTape
{
    private readonly Tape<double> tape = new();
    private readonly ExportedGradient export;
    private readonly Variable[] actor;
    private readonly Variable[] critic;
    private readonly Variable actorLoss;
    private readonly Variable criticLoss;

    public ExportedTape(ExportedGradient export)
    {
        this.export = export;
        (actor, critic) = (Parameters("actor"), Parameters("critic"));
        Variable s = Leaf(export.Batch["observations"]), next = Leaf(export.Batch["next_observations"]);
        actorLoss = tape.Negate(tape.Mean(Run("critic", critic, tape.Concat(s, Act(s)))));
        Variable future = Run("critic", Parameters("target_critic"), tape.Concat(next, Act(next)));
        double gamma = export.Text("gamma").GetDouble();
        Variable discount = tape.Constant([.. export.Batch["terminated"].Values.Select(t => gamma * (1 - t))], export.Rows, 1);
        Variable target = tape.Add(tape.Constant(export.Batch["rewards"].Values, export.Rows, 1), tape.Multiply(discount, future));
        Variable taken = Run("critic", critic, tape.Concat(s, Leaf(export.Batch["actions"])));
        criticLoss = tape.Mean(tape.Square(tape.Subtract(taken, target)));
    }

    /// <summary>direct, right_hand_side, solution, implicit and total.</summary>
    public Dictionary<string, double[]> Recompute()
    {
        bool actorLeads = export.Text("leader").GetString() == "actor";
        (Variable f1, Variable f2) = actorLeads ? (actorLoss, criticLoss) : (criticLoss, actorLoss);
        (Variable[] x1, Variable[] x2) = actorLeads ? (actor, critic) : (critic, actor);
        double[] direct = Gradient(f1, x1), b = Gradient(f1, x2);
        double damping = export.Text("hypergradient").GetProperty("damping").GetDouble();
        double[] x = Solve(v => [.. Mixed(f2, x2, v, x2).Zip(v, (h, vi) => h + (damping * vi))], b, export.Text("hypergradient").GetProperty("iterations").GetInt32());
        double[] mixed = Mixed(f2, x2, x, x1);
        return new()
        {
            ["direct"] = direct, ["right_hand_side"] = b, ["solution"] = x, ["implicit"] = mixed, ["total"] = [.. direct.Zip(mixed, (d, m) => d - m)],
        };
    }

    private static double[] Solve(Func<double[], double[]> product, double[] b, int iterations)
    {
        double[] x = new double[b.Length], r = [.. b], p = [.. b];
        var basis = new List<double[]>();
        for (int k = 0; k < iterations; k++)
        {
            double[] q = product(p);
            double rr = Dot(r, r), step = rr / Dot(p, q);
            basis.Add([.. r.Select(v => v / Math.Sqrt(rr))]);
            x = [.. x.Zip(p, (xi, pi) => xi + (step * pi))];
            r = [.. r.Zip(q, (ri, qi) => ri - (step * qi))];
            foreach (double[] unit in (IEnumerable<double[]>)[.. basis, .. basis])
            {
                double part = Dot(unit, r);
                r = [.. r.Zip(unit, (ri, ui) => ri - (part * ui))];
            }

            double ratio = Dot(r, r) / rr;
            p = [.. r.Zip(p, (ri, pi) => ri + (ratio * pi))];
        }

        return x;
    }

    private static double Dot(double[] u, double[] v) => u.Zip(v, (a, b) => a * b).Sum();

    private double[] Gradient(Variable loss, Variable[] parameters)
    {
        var gradients = new Variable[parameters.Length];
        tape.Gradient(loss, parameters, gradients);
        return Flatten(gradients);
    }

    private double[] Mixed(Variable loss, Variable[] inner, double[] v, Variable[] outer)
    {
        int offset = 0;
        var directions = new Variable[inner.Length];
        for (int i = 0; i < inner.Length; i++)
        {
            (int rows, int columns) = (tape.Rows(inner[i]), tape.Columns(inner[i]));
            directions[i] = Leaf(([rows, columns], v[offset..(offset + (rows * columns))]));
            offset += rows * columns;
        }

        var products = new Variable[outer.Length];
        tape.MixedProduct(loss, inner, directions, outer, products);
        return Flatten(products);
    }

    private double[] Flatten(Variable[] variables) => [.. variables.SelectMany(v =>
    {
        double[] values = new double[tape.Rows(v) * tape.Columns(v)];
        tape.CopyTo(v, values);
        return values;
    })];

    private Variable Act(Variable s)
    {
        Variable centre = tape.BroadcastRow(Leaf(Numbers("action_centre")), export.Rows), half = tape.BroadcastRow(Leaf(Numbers("action_half_range")), export.Rows);
        return tape.Add(centre, tape.Multiply(half, Run("actor", actor, s)));
    }

    private (int[] Shape, double[] Values) Numbers(string key)
    {
        double[] values = [.. export.Text(key).EnumerateArray().Select(v => v.GetDouble())];
        return ([1, values.Length], values);
    }

    private Variable Run(string form, Variable[] network, Variable x)
    {
        for (int i = 0; i < network.Length; i += 2)
        {
            string activation = export.Text(form).GetProperty(i + 2 == network.Length ? "output_activation" : "hidden_activation").GetString()!;
            x = tape.Linear(x, tape.Transpose(network[i]), network[i + 1], Enum.Parse<Activation>(activation, ignoreCase: true));
        }

        return x;
    }

    private Variable[] Parameters(string network) =>
        [.. export.Networks[network].Select(t => Leaf(t.Shape.Length == 1 ? ([1, t.Shape[0]], t.Values) : t))];

    private Variable Leaf((int[] Shape, double[] Values) array)
    {
        var matrix = new Matrix<double>(array.Shape[0], array.Shape[1]);
        for (int i = 0; i < matrix.Rows; i++)
        {
            array.Values.AsSpan(i * matrix.Columns, matrix.Columns).CopyTo(matrix.Row(i));
        }

        return tape.Leaf(matrix);
    }
}
