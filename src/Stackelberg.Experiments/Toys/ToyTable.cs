using System.Globalization;
using System.Text;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Internals;

namespace Stackelberg.Experiments.Toys;

/// <summary>Trajectories of toy games as one CSV table: every step of every trajectory, all digits.</summary>
public static class ToyTable
{
    /// <summary>Writes the table; the file appears under its name when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public static void Write(IReadOnlyList<ToyTrajectory> trajectories, string path)
    {
        StringBuilder text = new("game,method,damping,sign,step,theta,w,objective,critic_loss,distance\n");
        foreach (ToyTrajectory way in trajectories)
        {
            string name = string.Create(CultureInfo.InvariantCulture,
                $"{way.Game.Name},{way.Method.ToString().ToLowerInvariant()},{way.Options.Damping},{way.Options.Sign.ToString().ToLowerInvariant()}");
            for (int step = 0; step < way.Points.Count; step++)
            {
                ToyPoint at = way.Points[step];
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{name},{step},{at.Theta:R},{at.W:R},{way.Game.Objective(at):R},{way.Game.CriticLoss(at):R},{way.Distance(step):R}\n");
            }
        }

        WholeFile.Write(path, text.ToString());
    }
}
