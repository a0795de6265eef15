using System.Diagnostics.CodeAnalysis;

namespace LaionStream.Text.StructuredFields;

/// <summary>
/// Parses dictionaries of HTTP's structured fields (RFC 9651 of September 2024, 4.2.2), as strictly as the RFC: anything wrong anywhere makes the whole
/// field wrong. Parameters are checked and discarded. Pure.
/// </summary>
internal static class StructuredDictionary
{
    /// <summary>Parses a field.</summary>
    /// <param name="field">The field's value, its lines joined by commas.</param>
    /// <param name="members">The last value of each key; empty for an empty field.</param>
    /// <returns>Whether the field is a dictionary.</returns>
    public static bool TryParse(ReadOnlySpan<char> field, [NotNullWhen(true)] out IReadOnlyDictionary<string, StructuredMember>? members)
    {
        var reader = new StructuredReader(field);
        var found = new Dictionary<string, StructuredMember>(StringComparer.Ordinal);
        members = null;
        reader.SkipSpaces();
        while (!reader.IsAtEnd)
        {
            if (!reader.TryKey(out ReadOnlySpan<char> key) || !TryMember(ref reader, out StructuredMember member)) { return false; }

            found[key.ToString()] = member;
            reader.SkipBlanks();
            if (reader.IsAtEnd) { break; }
            if (!reader.TryTake(',')) { return false; }

            reader.SkipBlanks();
            if (reader.IsAtEnd) { return false; } // a comma at the end
        }

        members = found;
        return true;
    }

    private static bool TryMember(ref StructuredReader reader, out StructuredMember member)
    {
        if (!reader.TryTake('='))
        {
            member = new StructuredMember(StructuredKind.Boolean, "?1");
            return reader.TryParameters();
        }

        int start = reader.Position;
        bool isList = reader.Sees('(');
        StructuredKind kind = StructuredKind.InnerList;
        bool ok = isList ? reader.TryInnerList() : reader.TryBareItem(out kind);
        member = new StructuredMember(kind, reader.Since(start));
        return ok && reader.TryParameters();
    }
}
