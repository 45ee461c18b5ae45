using Stackelberg.Reports.Figures;
using Stackelberg.Reports.Reproductions;

namespace Stackelberg.Reports.Tests.Reproductions;

public sealed class ReproductionFilesTests
{
    [Fact]
    public void Figures_have_the_published_numbers_of_their_panels()
    {
        IReadOnlyList<FigureReference> references = ReproductionFiles.References(ReproductionCatalogue.Find("off-policy-published"));

        references.Count.ShouldBe(6);
        references.ShouldContain(new FigureReference("HalfCheetah-v4", "ddpg, published", 7827));
        references.ShouldContain(new FigureReference("Hopper-v4", "sac, published", 2945));
    }

    [Fact]
    public void Claims_that_are_no_numbers_are_not_drawn() => ReproductionFiles.References(ReproductionCatalogue.Find("stac-figure-1")).ShouldBeEmpty();
}
