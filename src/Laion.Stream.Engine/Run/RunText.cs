using System.Globalization;

namespace LaionStream.Engine.Run;

/// <summary>Numbers as people read them, the same in the view and in lines. Pure.</summary>
internal static class RunText
{
    private const double Kilo = 1000;
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>A count with separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count of at most five characters: 950, 12.3k, 4.5M.</summary>
    public static string Short(double count)
    {
        double value = count;
        string unit = "";
        foreach (string next in (string[])["k", "M", "G", "T"])
        {
            if (value < 999.5) { break; }
            (value, unit) = (value / Kilo, next);
        }

        return Invariant(unit.Length == 0 || value >= 99.95 ? "{0:0}{1}" : "{0:0.#}{1}", value, unit);
    }

    /// <summary>A rate: whole numbers from 100 on, else one decimal.</summary>
    public static string Rate(double rate) => Invariant(rate >= 99.95 ? "{0:N0}" : "{0:0.0}", rate);

    /// <summary>Bytes in decimal units, three digits.</summary>
    public static string Bytes(double bytes)
    {
        int unit = 0;
        while (bytes >= 999.5 && unit < Units.Length - 1)
        {
            bytes /= Kilo;
            unit++;
        }

        return Invariant(unit == 0 || bytes >= 99.95 ? "{0:0} {1}" : bytes >= 9.995 ? "{0:0.0} {1}" : "{0:0.00} {1}", bytes, Units[unit]);
    }

    /// <summary>Bytes a second, in MB/s.</summary>
    public static string MegabytesPerSecond(double bytes) => Rate(bytes / (Kilo * Kilo)) + " MB/s";

    /// <summary>A share as a percentage; 100.0 only when it is all.</summary>
    public static string Percent(double share) => Invariant("{0:0.0}%", Percentage(share));

    /// <summary>The number in <see cref="Percent"/>.</summary>
    public static double Percentage(double share) => share >= 1 ? 100 : Math.Clamp(Math.Floor(share * 1000) / 10, 0, 99.9);

    /// <summary>A duration: 02:13:04, with days before it from one day on.</summary>
    public static string Time(TimeSpan time) =>
        time.ToString(time.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Invariant(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, format, values);
}
