using System.Collections;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>The fields of an answer, in the order in which they are written.</summary>
internal sealed class Answer : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _fields = [];

    /// <summary>An answer that is only yes or no.</summary>
    public static Answer Allowed(bool allowed) => new() { { "allowed", allowed } };

    /// <summary>Whether something may be used, and the signal that decided; null when nothing objects.</summary>
    public static Answer Judged(OptOutFindings found) =>
        new() { { "allowed", found.IsEmpty }, { "signal", found.IsEmpty ? null : (object)found.First.Name() } };

    /// <summary>Adds a field.</summary>
    public void Add(string name, object? value) => _fields.Add(new(name, value));

    /// <summary>Adds a reason by its stable name; null for none.</summary>
    public void Add(string name, DropReason reason) => Add(name, reason == DropReason.None ? null : reason.Name());

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _fields.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
