using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.FiniteMdps;

public sealed class FiniteMdpFileTests
{
    private const string Valid = """
        { "states": ["dry", "wet"], "actions": 2, "discount": 0.9, "horizon": 20, "initial": [0.25, 0.75], "terminal": ["wet"],
          "transitions": [[[0.9, 0.1], [0.5, 0.5]], [[0, 1], [1, 0]]],
          "rewards": [[1, -0.5], [[0, 0.5], [2, 3]]] }
        """;

    [Fact]
    public void A_file_gives_the_model_it_describes()
    {
        FiniteMdp mdp = FiniteMdpFile.Parse(Valid, "weather.json");
        (mdp.Name, mdp.Discount, mdp.Horizon).ShouldBe(("weather", 0.9, 20));
        mdp.States.ShouldBe(["dry", "wet"]);
        mdp.Actions.ShouldBe(["a0", "a1"]);
        mdp.Initial.ToArray().ShouldBe([0.25, 0.75]);
        mdp.Transition(0, 1).ToArray().ShouldBe([0.5, 0.5]);
        (mdp.Reward(0, 1, 0), mdp.Reward(0, 1, 1), mdp.Reward(1, 0, 1), mdp.Reward(1, 1, 0)).ShouldBe((-0.5, -0.5, 0.5, 2));
        (mdp.IsTerminal(0), mdp.IsTerminal(1)).ShouldBe((false, true));
    }

    [Fact]
    public void What_is_left_out_has_its_documented_value()
    {
        FiniteMdp mdp = FiniteMdpFile.Parse("""{"states": 2, "actions": 1, "transitions": [[[0,1]],[[1,0]]], "rewards": [[0],[0]]}""");
        (mdp.Name, mdp.Discount, mdp.Horizon).ShouldBe(("MDP", 1, null));
        mdp.Initial.ToArray().ShouldBe([1.0, 0]);
        (mdp.IsTerminal(0) || mdp.IsTerminal(1)).ShouldBeFalse();
    }

    [Fact]
    public void Written_models_are_read_back_with_the_same_bits()
    {
        RandomStream random = RandomStream.FromSeed(2);
        IEnumerable<FiniteMdp> models = PosterMdps.All.Append(RandomMdps.Garnet(random)).Append(PosterMdps.SimpleMdp2.WithRandomTransitions(random));
        foreach (FiniteMdp mdp in models)
        {
            string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            File.WriteAllText(path, FiniteMdpFile.Format(mdp));
            FiniteMdp read = FiniteMdpFile.Load(path);
            File.Delete(path);
            (read.Name, read.Discount, read.Horizon).ShouldBe((mdp.Name, mdp.Discount, mdp.Horizon));
            read.States.ShouldBe(mdp.States);
            read.Initial.ToArray().ShouldBe(mdp.Initial.ToArray());
            for (int s = 0; s < mdp.StateCount; s++)
            {
                read.IsTerminal(s).ShouldBe(mdp.IsTerminal(s));
                for (int a = 0; a < mdp.ActionCount; a++)
                {
                    read.Transition(s, a).ToArray().ShouldBe(mdp.Transition(s, a).ToArray());
                    for (int next = 0; next < mdp.StateCount; next++)
                    {
                        read.Reward(s, a, next).ShouldBe(mdp.Reward(s, a, next));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("\"discount\": 0.9", "\"discuont\": 0.9", "unknown key 'discuont'; did you mean 'discount'?")]
    [InlineData("\"discount\": 0.9", "\"discount\": 2", "discount is 2; it lies in [0, 1]")]
    [InlineData("\"discount\": 0.9", "\"discount\": \"high\"", "discount is \"high\"; expected a number")]
    [InlineData("\"horizon\": 20", "\"horizon\": 1.5", "horizon is 1.5; expected a whole number")]
    [InlineData("\"horizon\": 20", "\"discount\": 0.8", "'discount' is given twice")]
    [InlineData("[0.25, 0.75]", "[0.25, 0.5, 0.25]", "initial is an array of 3; expected an array of 2")]
    [InlineData("[0.25, 0.75]", "[0.25, 0.7]", "initial sums to 0.95")]
    [InlineData("[\"wet\"]", "[\"wett\"]", "terminal[0] is \"wett\", which is no state; states are dry, wet")]
    [InlineData("[\"wet\"]", "[0, 2]", "terminal[1] is 2, which is no state")]
    [InlineData("[0.9, 0.1]", "[0.9, 0.2]", "transitions[0][0] sums to 1.1")]
    [InlineData("[0.9, 0.1]", "[0.9, null]", "transitions[0][0][1] is null; expected a number")]
    [InlineData("[[0, 1], [1, 0]]", "[[0, 1]]", "transitions[1] is an array of 1; expected an array of 2")]
    [InlineData("[1, -0.5]", "[1, {}]", "rewards[0][1] is an object; expected an array of 2")]
    [InlineData("\"actions\": 2", "\"actions\": 0", "actions is 0; give 1 to 100000")]
    [InlineData("\"actions\": 2,", "", "the key 'actions' is missing")]
    [InlineData("[\"dry\", \"wet\"]", "[\"dry\", 5]", "states[1] is 5; expected a text")]
    [InlineData("[\"dry\", \"wet\"]", "[]", "states is empty")]
    [InlineData("[\"dry\", \"wet\"]", "2147483648", "states is 2147483648; expected a whole number")]
    [InlineData("[\"dry\", \"wet\"]", "null", "states is null; expected a whole number")]
    [InlineData("[\"dry\", \"wet\"]", "[\"dry\", \"\\ud800\"]", "states[1]: the text has half of a surrogate pair")]
    [InlineData("\"discount\": 0.9", "\"discount\": 1e400", "discount: 1e400 is beyond double precision")]
    [InlineData("{ \"states\"", "{ 'states'", "''' is an invalid start")]
    public void A_fault_is_named_with_file_key_and_index(string part, string replacement, string message)
    {
        Valid.ShouldContain(part);
        FormatException error = Should.Throw<FormatException>(() => FiniteMdpFile.Parse(Valid.Replace(part, replacement, StringComparison.Ordinal), "weather.json"));
        error.Message.ShouldStartWith("weather.json: ");
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("""{"states": 46341, "actions": 1, "transitions": [[[0,1]],[[1,0]]], "rewards": [[0],[0]]}""", "transitions is an array of 2; expected an array of 46341")]
    [InlineData("""{"states": 100000, "actions": 100000, "transitions": [], "rewards": []}""", "transitions is an array of 0; expected an array of 100000")]
    [InlineData("""{"states": 2, "actions": 50000, "transitions": [[[0,1]],[[1,0]]], "rewards": [[0],[0]]}""", "transitions[0] is an array of 1; expected an array of 50000")]
    [InlineData("{}", "the key 'states' is missing")]
    [InlineData("null", "expected an object")]
    [InlineData("", "the file is empty")]
    public void A_file_that_promises_more_than_it_holds_is_refused_before_anything_is_made(string text, string message)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<FormatException>(() => FiniteMdpFile.Parse(text)).Message.ShouldContain(message);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 << 20);
    }
}
