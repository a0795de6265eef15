using System.Text.Json;
using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Determines the columns of a JSONL list from its first lines, which are the same on every run.</summary>
internal sealed class JsonSample
{
    private const int EnoughBytes = 1 << 18;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, ExtraColumnKind?> _kinds = new(StringComparer.Ordinal);
    private int _looked;
    private int _lines;

    /// <summary>Whether the sample is complete.</summary>
    public bool IsEnough => _looked >= EnoughBytes && _lines > 0;

    /// <summary>Whether the sample reaches the end of the list.</summary>
    public bool SawEnd { get; private set; }

    /// <summary>Keys in the order of their first appearance; keys that were always null are text.</summary>
    public IReadOnlyList<(string Name, ExtraColumnKind? Kind)> Columns =>
        [.. _names.Select(name => (name, (ExtraColumnKind?)(_kinds[name] ?? ExtraColumnKind.Text)))];

    /// <summary>Examines the lines of a window that starts at the beginning of the list and has grown since the last call.</summary>
    public void Look(ReadOnlySpan<byte> window, bool final)
    {
        SawEnd = final;
        while (!IsEnough && _looked < window.Length)
        {
            int end = window[_looked..].IndexOf((byte)'\n');
            if (end < 0 && !final)
            {
                return;
            }

            int next = end < 0 ? window.Length : _looked + end;
            ReadOnlySpan<byte> line = window[_looked..next];
            _looked = Math.Min(next + 1, window.Length);
            if (!JsonLine.IsBlank(line))
            {
                _lines++;
                JsonLine.Visit(line, Add);
            }
        }
    }

    private static ExtraColumnKind? KindOf(JsonTokenType type, bool isWhole) => type switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True or JsonTokenType.False => ExtraColumnKind.Boolean,
        JsonTokenType.Number => isWhole ? ExtraColumnKind.Int64 : ExtraColumnKind.Double,
        _ => ExtraColumnKind.Text,
    };

    private void Add(string name, JsonTokenType type, bool isWhole)
    {
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
