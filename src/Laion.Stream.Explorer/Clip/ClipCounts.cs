using System.Globalization;
using System.Text;

namespace LaionStream.Explorer.Clip;

/// <summary>How many requests there were and how long they took: the table of <c>/metrics-summary</c>.</summary>
/// <param name="clock">Measures them.</param>
internal sealed class ClipCounts(TimeProvider clock)
{
    private readonly Dictionary<string, (long Count, TimeSpan Time)> _kinds = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Begins a request, which the result's disposal ends.</summary>
    public IDisposable Begin(string kind) => new Timed(this, kind, clock.GetTimestamp());

    /// <summary>The table.</summary>
    public string Table()
    {
        lock (_lock)
        {
            if (_kinds.Count == 0) { return "No request yet, go do some"; }
            var table = new StringBuilder("name            count     average\n");
            foreach ((string kind, (long count, TimeSpan time)) in _kinds.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                table.Append(CultureInfo.InvariantCulture, $"{kind,-15} {count,5} {time.TotalSeconds / count,10:F4}s\n");
            }

            return table.ToString();
        }
    }

    private void End(string kind, long began)
    {
        lock (_lock)
        {
            (long count, TimeSpan time) = _kinds.GetValueOrDefault(kind);
            _kinds[kind] = (count + 1, time + clock.GetElapsedTime(began));
        }
    }

    private sealed class Timed(ClipCounts counts, string kind, long began) : IDisposable
    {
        public void Dispose() => counts.End(kind, began);
    }
}
