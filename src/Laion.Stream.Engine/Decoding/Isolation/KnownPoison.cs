using System.Collections.Concurrent;
using System.Security.Cryptography;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The pictures that have ended a decoder's process in this output: their rows, and the same bytes from any other address.</summary>
internal sealed class KnownPoison
{
    private readonly ConcurrentDictionary<RowKey, bool> _rows = new();
    private readonly ConcurrentDictionary<int, bool> _lengths = new();
    private readonly ConcurrentDictionary<string, bool> _digests = new(StringComparer.Ordinal);

    /// <summary>Adds the records of earlier runs.</summary>
    public KnownPoison(IEnumerable<PoisonNote> notes)
    {
        foreach (PoisonNote note in notes) { Add(note); }
    }

    /// <summary>Adds one more.</summary>
    public void Add(PoisonNote note)
    {
        _rows[note.Key] = true;
        _digests[note.Sha256] = true;
        _lengths[note.Bytes] = true; // last: a reader that finds the length looks up the digest
    }

    /// <summary>Whether a row or its bytes are known. Bytes with another length than any known picture are not hashed.</summary>
    public bool Has(RowKey row, ReadOnlySpan<byte> body) =>
        _rows.ContainsKey(row) || (_lengths.ContainsKey(body.Length) && _digests.ContainsKey(Digest(body)));

    /// <summary>Lower-case hex SHA-256.</summary>
    public static string Digest(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
