using System.CommandLine;
using System.Text.Json;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>hypergradient check</c> and <c>hypergradient export</c>.</summary>
internal static class HypergradientVerb
{
    public static Command Create() => new("hypergradient", "Examines hypergradients.") { Check(), HypergradientExportVerb.Create() };

    private static Command Check()
    {
        Option<string> file = new("--problem") { Description = "a quadratic bilevel problem in JSON; without it, built-in problems", HelpName = "FILE" };
        Option<double?> damping = new("--damping") { Description = "λ added to the follower's curvature, in the exact answer too", HelpName = "LAMBDA" };
        Option<string[]> plugins = new("--plugin") { Description = "an assembly with linear solvers of your own", HelpName = "DLL" };
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Command command = new("check", "Compares every linear solver's hypergradient with the exact one.") { file, damping, plugins, json };
        command.SetAction(parsed =>
        {
            double? lambda = parsed.GetValue(damping);
            if (lambda is { } given && !(given >= 0 && double.IsFinite(given)))
            {
                throw new UserErrorException($"--damping cannot be {given}", "a number ≥ 0", "leave --damping out for none");
            }

            bool asJson = parsed.GetValue(json);
            SolverCatalogue solvers = Catalogues.Load(parsed.GetValue(plugins) ?? []).Solvers;
            if (parsed.GetValue(file) is { } path)
            {
                HypergradientCheckResult result = HypergradientCheck.Run(new QuadraticBilevelProblem<double>(Read(path)), lambda ?? 0, solvers: solvers);
                Write(asJson, path, "quadratic, from a file", lambda ?? 0, result);
            }
            else
            {
                CheckBuiltIn(lambda, solvers, asJson);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static QuadraticCoefficients Read(string path)
    {
        try
        {
            return QuadraticProblemFile.Read(path);
        }
        catch (InvalidDataException e)
        {
            throw Refusal(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal($"the problem file '{path}' cannot be read: {FileFaultText.Of(e, path)}");
        }
    }

    private static UserErrorException Refusal(string problem) => new(
        problem,
        "{\"n\", \"m\", \"Q\": [[m×m]], \"B\": [[m×n]], \"c\": [m], \"D\": [[n×n]], \"e\": [n], \"F\": [[m×m]], \"g\": [m], \"x\": [n], \"y\": [m]}, Q, D and F symmetric",
        "mend the file; f2 = ½yᵀQy + yᵀBx + cᵀy, f1 = ½xᵀDx + eᵀx + ½yᵀFy + gᵀy");

    private static void CheckBuiltIn(double? damping, SolverCatalogue solvers, bool asJson)
    {
        List<(BuiltInProblem Problem, double Damping, HypergradientCheckResult Result)> results = [];
        foreach (BuiltInProblem problem in BuiltInProblems.All)
        {
            double lambda = damping ?? problem.Damping;
            HypergradientCheckResult result = HypergradientCheck.Run(problem.Create(), lambda, curvature: problem.Curvature, solvers: solvers);
            results.Add((problem, lambda, result));
            if (!asJson)
            {
                Write(false, problem.Name, problem.Summary, lambda, result);
            }
        }

        if (asJson)
        {
            Json.Write(Console.Out, w =>
            {
                w.WriteStartArray("problems");
                foreach ((BuiltInProblem problem, double lambda, HypergradientCheckResult result) in results)
                {
                    w.WriteStartObject();
                    w.WriteString("name", problem.Name);
                    w.Number("damping", lambda);
                    WriteMembers(w, result);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            });
        }
    }

    private static void Write(bool asJson, string name, string summary, double damping, HypergradientCheckResult result)
    {
        if (asJson)
        {
            Json.Write(Console.Out, w => WriteMembers(w, result));
            return;
        }

        Console.Out.WriteLine($"{name}: {summary}; damping {Texts.Number(damping, "G4")}");
        string exact = $"[{string.Join(", ", result.Exact.Take(6).Select(v => Texts.Number(v, "G6")))}{(result.Exact.Length > 6 ? ", …" : "")}]";
        Console.Out.WriteLine($"exact hypergradient: {(result.Exact.Length > 0 ? exact : "none")}");
        if (result.ExactNote.Length > 0)
        {
            Console.Out.WriteLine($"note: {result.ExactNote}");
        }

        Columns.Write(Console.Out, ["solver", "relative error", "status", "iterations", "residual", "note"], [.. result.Solvers.Select(s => new[]
        {
            s.Name, Texts.Number(s.RelativeError, "E2"), s.StatusName, $"{s.Iterations}", Texts.Number(s.RelativeResidual, "E2"), s.Note,
        })]);
        Console.Out.WriteLine();
    }

    private static void WriteMembers(Utf8JsonWriter writer, HypergradientCheckResult result)
    {
        if (result.Exact.Length > 0)
        {
            writer.Numbers("exact", result.Exact);
        }
        else
        {
            writer.WriteNull("exact");
        }

        writer.WriteString("exact_status", result.ExactStatus.Name());
        writer.WriteString("note", result.ExactNote);
        writer.WriteStartArray("solvers");
        foreach (HypergradientCheckRow row in result.Solvers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", row.Name);
            writer.Numbers("gradient", row.Gradient);
            writer.Number("relative_error", row.RelativeError);
            writer.WriteString("status", row.StatusName);
            writer.WriteNumber("iterations", row.Iterations);
            writer.Number("relative_residual", row.RelativeResidual);
            writer.WriteString("note", row.Note);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
