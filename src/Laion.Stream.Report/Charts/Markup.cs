using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace LaionStream.Report.Charts;

/// <summary>Text of a page. Numbers are written in one culture; text from outside goes through <see cref="Text"/> and can never become markup.</summary>
internal static class Markup
{
    /// <summary>Escapes text for element content and for attributes in double quotes.</summary>
    public static string Text(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>A whole number with separators.</summary>
    public static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number for a coordinate or a style: at most two digits behind the point.</summary>
    public static string Place(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A number with three significant digits and a unit prefix, such as 12.3 k.</summary>
    public static string Short(double number)
    {
        double size = Math.Abs(number);
        (double by, string prefix) = size switch
        {
            >= 1e9 => (1e9, " G"),
            >= 1e6 => (1e6, " M"),
            >= 1e4 => (1e3, " k"),
            _ => (1.0, ""),
        };
        double shown = number / by;
        string format = Math.Abs(shown) switch
        {
            0 => "0",
            >= 100 => "#,0",
            >= 10 => "0.#",
            >= 1 => "0.##",
            _ => "0.###",
        };
        return shown.ToString(format, CultureInfo.InvariantCulture) + prefix;
    }

    /// <summary>A share as a percentage; empty when there is no whole.</summary>
    public static string Share(double part, double whole) =>
        whole <= 0 ? "" : (100 * part / whole).ToString(part / whole is > 0 and < 0.001 ? "0.000" : "0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Bytes with a binary unit.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1L << 40 => Short(bytes / (1L << 40)) + " TiB",
        >= 1L << 30 => Short(bytes / (1L << 30)) + " GiB",
        >= 1L << 20 => Short(bytes / (1L << 20)) + " MiB",
        _ => Short(bytes / (1L << 10)) + " KiB",
    };

    /// <summary>A duration in its two largest units.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(int)time.TotalDays} d {time.Hours} h",
        { TotalHours: >= 1 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => Short(time.TotalSeconds) + " s",
    };

    /// <summary>A time as UTC, to the minute.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>Appends a line in the invariant culture.</summary>
    public static void Line(this StringBuilder page, FormattableString line) => page.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
