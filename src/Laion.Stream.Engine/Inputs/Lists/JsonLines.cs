using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>The lines of a JSONL list.</summary>
/// <param name="window">The list.</param>
internal sealed class JsonLines(ByteWindow<byte> window) : JsonRecords(window)
{
    private bool _skipsLine;

    /// <inheritdoc/>
    public override async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        IsTooLong = false;
        while (true)
        {
            ReadOnlyMemory<byte> window = Window.Window;
            int end = window.Span.IndexOf((byte)'\n');
            if (end >= 0 || Window.AtEnd)
            {
                if (window.IsEmpty) { return false; }

                Current = end < 0 ? window : window[..end];
                Take(end < 0 ? window.Length : end + 1);
                if (!_skipsLine && !JsonLine.IsBlank(Current.Span)) { return true; }
                _skipsLine = false;
            }
            else if (!await Window.MoreAsync(stop) && !Window.AtEnd)
            {
                // The line exceeds the maximum length: it counts as one record, and its rest is skipped.
                Take(window.Length);
                Current = default;
                IsTooLong = !_skipsLine;
                _skipsLine = true;
                if (IsTooLong) { return true; }
            }
        }
    }
}
