using System.Text.Json;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Determines the columns of a JSON list from its first records, which are the same on every run. Keys that differ in case are one column.</summary>
internal sealed class JsonSample
{
    private const int EnoughBytes = 1 << 18;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, ExtraColumnKind?> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _nested = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _plain = new(StringComparer.OrdinalIgnoreCase);
    private int _records;

    /// <summary>Keys in the order and spelling of their first appearance; keys that were always null are text.</summary>
    public IReadOnlyList<ListColumn> Columns => [.. _names.Select(ColumnOf)];

    /// <summary>Whether the sample is complete.</summary>
    /// <param name="consumed">Bytes of the list that were read for it.</param>
    public bool IsEnough(long consumed) => consumed >= EnoughBytes && _records > 0;

    /// <summary>Examines the next record.</summary>
    public void Look(ReadOnlySpan<byte> record)
    {
        _records++;
        JsonLine.Visit(JsonLine.Readable(record), Add);
    }

    private static ExtraColumnKind? KindOf(JsonTokenType type, bool isWhole) => type switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True or JsonTokenType.False => ExtraColumnKind.Boolean,
        JsonTokenType.Number => isWhole ? ExtraColumnKind.Int64 : ExtraColumnKind.Double,
        _ => ExtraColumnKind.Text,
    };

    private ListColumn ColumnOf(string name)
    {
        ExtraColumnKind kind = _kinds[name] ?? ExtraColumnKind.Text;
        return new ListColumn(name, kind, kind == ExtraColumnKind.Text && (_plain.Contains(name) || !_nested.Contains(name)));
    }

    private void Add(string name, JsonTokenType type, bool isWhole)
    {
        if (type is JsonTokenType.StartArray or JsonTokenType.StartObject) { _nested.Add(name); }
        else if (type != JsonTokenType.Null) { _plain.Add(name); }

        ExtraColumnKind? kind = KindOf(type, isWhole);
        if (!_kinds.TryGetValue(name, out ExtraColumnKind? known))
        {
            _names.Add(name);
            _kinds.Add(name, kind);
        }
        else if (known != kind && kind is not null)
        {
            bool areNumbers = known is ExtraColumnKind.Int64 or ExtraColumnKind.Double && kind is ExtraColumnKind.Int64 or ExtraColumnKind.Double;
            _kinds[name] = known is null ? kind : areNumbers ? ExtraColumnKind.Double : ExtraColumnKind.Text;
        }
    }
}
