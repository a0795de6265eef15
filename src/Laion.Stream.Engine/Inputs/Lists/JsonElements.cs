using System.Buffers;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// The elements of a JSON array, as <c>json.dump</c> and pandas write a table, on one line or many. Only one element is in memory. Arrays may follow each
/// other, as in files that were put together.
/// </summary>
/// <param name="window">The list.</param>
/// <param name="health">Learns of an array that is cut short.</param>
internal sealed class JsonElements(ByteWindow<byte> window, InputHealth health) : JsonRecords(window)
{
    private static readonly SearchValues<byte> Separators = SearchValues.Create(" \t\r\n,\uFEFF"u8);
    private static readonly SearchValues<byte> EndOfScalar = SearchValues.Create(" \t\r\n,]}["u8);
    private static readonly SearchValues<byte> EndOfString = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private bool _isInArray;
    private bool _isInString;
    private int _depth;
    private int _scanned; // bytes of the current element that were looked at

    /// <inheritdoc/>
    public override async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        IsTooLong = false;
        while (true)
        {
            if (_scanned == 0 && !IsTooLong) { SkipSeparators(); }
            ReadOnlyMemory<byte> bytes = Window.Window;
            bool isWhole = !bytes.IsEmpty && IsWhole(bytes.Span);
            if (isWhole || (Window.AtEnd && (!bytes.IsEmpty || IsTooLong)))
            {
                if (!isWhole)
                {
                    health.EndTooEarly();
                    _scanned = bytes.Length;
                }

                Current = IsTooLong ? default : bytes[.._scanned];
                Take(_scanned);
                (_scanned, _depth, _isInString) = (0, 0, false);
                return true;
            }

            if (Window.AtEnd)
            {
                if (_isInArray) { health.EndTooEarly(); }
                return false;
            }

            if (await Window.MoreAsync(stop) || Window.AtEnd) { continue; }

            // The element exceeds the maximum length: it counts as one record, and its rest is skipped.
            IsTooLong = true;
            Take(bytes.Length);
            _scanned = 0;
        }
    }

    private void SkipSeparators()
    {
        while (true)
        {
            ReadOnlySpan<byte> bytes = Window.Window.Span;
            int first = bytes.IndexOfAnyExcept(Separators);
            Take(first < 0 ? bytes.Length : first);
            if (first < 0 || !(bytes[first] == ']' || (bytes[first] == '[' && !_isInArray))) { return; }

            _isInArray = bytes[first] == '[';
            Take(1);
        }
    }

    /// <summary>Looks for the end of the element that the bytes begin with; it has <see cref="_scanned"/> bytes then.</summary>
    private bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        bool isScalar = _depth == 0 && !_isInString && !IsTooLong && bytes[0] is not ((byte)'{' or (byte)'[' or (byte)'"');
        if (isScalar)
        {
            int end = bytes[1..].IndexOfAny(EndOfScalar);
            _scanned = end < 0 ? bytes.Length : end + 1;
            return end >= 0;
        }

        while (_scanned < bytes.Length)
        {
            int next = bytes[_scanned..].IndexOfAny(_isInString ? EndOfString : Structure);
            if (next < 0)
            {
                _scanned = bytes.Length;
                return false;
            }

            byte letter = bytes[_scanned + next];
            if (letter == '\\' && _scanned + next + 1 == bytes.Length)
            {
                _scanned += next; // what follows the backslash is not there yet
                return false;
            }

            _scanned += next + (letter == '\\' ? 2 : 1);
            if (letter == '"') { _isInString = !_isInString; }
            else if (letter is (byte)'{' or (byte)'[') { _depth++; }
            else if (letter is (byte)'}' or (byte)']') { _depth--; }
            if (_depth <= 0 && !_isInString) { return true; }
        }

        return false;
    }
}
