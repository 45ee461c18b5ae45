using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>Reads a quadratic bilevel problem from JSON.</summary>
/// <remarks>
/// <c>{"n":…, "m":…, "Q":[[m×m]], "B":[[m×n]], "c":[m], "D":[[n×n]], "e":[n], "F":[[m×m]], "g":[m], "x":[n], "y":[m]}</c> with the meaning
/// of <see cref="QuadraticCoefficients"/>. All keys are needed, others are refused. Comments and trailing commas are allowed.
/// </remarks>
public static class QuadraticProblemFile
{
    private static readonly string[] Keys = ["n", "m", "Q", "B", "c", "D", "e", "F", "g", "x", "y"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not JSON, or a key is missing, unknown, of the wrong shape or not symmetric; says
    /// which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static QuadraticCoefficients Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="InvalidDataException">Not JSON, or a key is missing, unknown, of the wrong shape or not symmetric; says
    /// which.</exception>
    public static QuadraticCoefficients Parse(string json, string source)
    {
        try
        {
            using JsonDocument document = StrictJson.Parse(json);
            return Convert(document.RootElement);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{source}: {ExceptionText.Of(error)}", error);
        }
    }

    private static QuadraticCoefficients Convert(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"the file holds {Describe(root)}; expected an object with the keys {string.Join(", ", Keys)}.");
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!Keys.Contains(property.Name))
            {
                throw new FormatException($"unknown key '{property.Name}'; the keys are {string.Join(", ", Keys)}.");
            }
        }

        int n = Dimension(root, "n"), m = Dimension(root, "m");
        var coefficients = new QuadraticCoefficients(
            n,
            m,
            ReadMatrix(root, "Q", m, "m", m, "m"),
            ReadMatrix(root, "B", m, "m", n, "n"),
            ReadVector(Get(root, "c"), "c", m, "m", "entries"),
            ReadMatrix(root, "D", n, "n", n, "n"),
            ReadVector(Get(root, "e"), "e", n, "n", "entries"),
            ReadMatrix(root, "F", m, "m", m, "m"),
            ReadVector(Get(root, "g"), "g", m, "m", "entries"),
            ReadVector(Get(root, "x"), "x", n, "n", "entries"),
            ReadVector(Get(root, "y"), "y", m, "m", "entries"));
        coefficients.Check();
        return coefficients;
    }

    private static JsonElement Get(JsonElement root, string key) => root.TryGetProperty(key, out JsonElement value)
        ? value
        : throw new FormatException($"key '{key}' is missing; the keys are {string.Join(", ", Keys)}.");

    private static int Dimension(JsonElement root, string key)
    {
        JsonElement value = Get(root, key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int dimension) && dimension is >= 1 and <= 4096
            ? dimension
            : throw new FormatException($"'{key}' is {value.GetRawText()}; it is a dimension: a whole number from 1 to 4096.");
    }

    private static double[] ReadMatrix(JsonElement root, string key, int rows, string rowsName, int columns, string columnsName)
    {
        JsonElement value = Get(root, key);
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"'{key}' is {Describe(value)}; expected an array of {rows} rows ({rowsName}).");
        }

        if (value.GetArrayLength() != rows)
        {
            throw new FormatException($"'{key}' has {value.GetArrayLength()} rows, {rowsName} is {rows}.");
        }

        double[] entries = new double[rows * columns];
        int row = 0;
        foreach (JsonElement element in value.EnumerateArray())
        {
            ReadVector(element, $"{key}[{row}]", columns, columnsName, "columns").CopyTo(entries, row * columns);
            row++;
        }

        return entries;
    }

    private static double[] ReadVector(JsonElement value, string place, int length, string lengthName, string unit)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"'{place}' is {Describe(value)}; expected an array of {length} numbers ({lengthName}).");
        }

        if (value.GetArrayLength() != length)
        {
            throw new FormatException($"'{place}' has {value.GetArrayLength()} {unit}, {lengthName} is {length}.");
        }

        double[] entries = new double[length];
        int i = 0;
        foreach (JsonElement element in value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out entries[i]) || !double.IsFinite(entries[i]))
            {
                throw new FormatException($"'{place}[{i}]' is {element.GetRawText()}; expected a finite number.");
            }

            i++;
        }

        return entries;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}
