using System.Globalization;

namespace Stackelberg.Reports.Tables;

/// <summary>Numbers of scores as tables show them.</summary>
public static class NumberTexts
{
    /// <summary>About four digits: whole from 1000 on, one decimal from 10 on, three digits below; a dash for what is not known.</summary>
    public static string Short(double value) => double.IsNaN(value) ? "–" : Math.Abs(value) switch
    {
        < 1e7 and var size when size == Math.Floor(size) => (value + 0.0).ToString("0", CultureInfo.InvariantCulture),
        >= 1e7 or < 1e-3 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.ToString("F3", CultureInfo.InvariantCulture),
    };

    /// <summary>Both ends.</summary>
    public static string Interval(double low, double high) => $"[{Short(low)}, {Short(high)}]";

    /// <summary>A probability with two digits; never 0 or 1 where it is not.</summary>
    public static string Share(double value) => double.IsNaN(value) ? "–"
        : value is > 0 and < 0.005 ? "<0.01"
        : value is < 1 and > 0.995 ? ">0.99"
        : value.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A p-value with two significant digits.</summary>
    public static string P(double value) => double.IsNaN(value) ? "–" : value < 1e-4 ? "<0.0001" : value.ToString(value < 0.1 ? "0.####" : "0.##", CultureInfo.InvariantCulture);

    /// <summary>All digits that matter, as files have them.</summary>
    public static string Exact(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
