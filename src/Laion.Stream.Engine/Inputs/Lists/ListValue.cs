using System.Globalization;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Types of columns that lists of one run have in common.</summary>
internal static class ListValue
{
    /// <summary>The type that holds the values of both: whole numbers become real ones, anything else text.</summary>
    public static ExtraColumnKind Common(ExtraColumnKind one, ExtraColumnKind other)
    {
        if (one == other) { return one; }
        return one is ExtraColumnKind.Int64 or ExtraColumnKind.Double
            && other is ExtraColumnKind.Int64 or ExtraColumnKind.Double ? ExtraColumnKind.Double : ExtraColumnKind.Text;
    }

    /// <summary>A value in a type that <see cref="Common"/> gave for its own; null stays null.</summary>
    public static object? As(object? value, ExtraColumnKind kind) => (value, kind) switch
    {
        (long whole, ExtraColumnKind.Double) => (double)whole,
        (bool flag, ExtraColumnKind.Text) => flag ? "true" : "false",
        (DateTimeOffset time, ExtraColumnKind.Text) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        (long or double, ExtraColumnKind.Text) => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => value,
    };
}
