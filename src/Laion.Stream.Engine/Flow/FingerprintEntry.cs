using System.Collections;
using System.Globalization;

namespace LaionStream.Engine.Flow;

/// <summary>One setting that shapes the rows of an output. A module lists its own; together they are the run's fingerprint.</summary>
/// <param name="Key">The configuration key without <c>Laion:</c>, such as <c>Imaging:MinSide</c>. Stored with outputs: never renamed.</param>
/// <param name="Value">This run's value, as text.</param>
/// <param name="Absent">
/// The value assumed for an output without the key: the engine's behaviour before the key existed. It does not change when the setting's default changes.
/// </param>
internal readonly record struct FingerprintEntry(string Key, string Value, string Absent)
{
    /// <summary>How an unset value is stored.</summary>
    public const string None = "none";

    /// <summary>Creates an entry from typed values, stored as invariant text; the items of a list are joined by blanks.</summary>
    public static FingerprintEntry Of<T>(string key, T value, T absent) => new(key, Text(value), Text(absent));

    private static string Text(object? value) => value switch
    {
        null => None,
        string text => text,
        IEnumerable list => string.Join(' ', list.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
