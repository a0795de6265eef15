using System.Globalization;
using System.Text;

namespace LaionStream.Host.Tests.Live;

/// <summary>A terminal as far as the view uses one: what stands on its screen after the bytes that it got.</summary>
internal sealed class FakeTerminal(int columns, int rows) : Stream
{
    private readonly Lock _gate = new();
    private readonly List<StringBuilder> _screen = [new()];
    private readonly StringBuilder _raw = new();
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private string _escape = "";
    private int _row;
    private int _column;

    /// <summary>Lines that have left the screen at its top, then those on it, without trailing blanks.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                List<string> lines = [.. _screen.Select(line => line.ToString().TrimEnd())];
                while (lines.Count > 0 && lines[^1].Length == 0) { lines.RemoveAt(lines.Count - 1); }
                return lines;
            }
        }
    }

    /// <summary>Every character that it got.</summary>
    public string Raw
    {
        get
        {
            lock (_gate) { return _raw.ToString(); }
        }
    }

    /// <summary>The line that the cursor is in, counted from the first of <see cref="Lines"/>.</summary>
    public int Cursor => _row;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private int Top => Math.Max(0, _screen.Count - rows);

    public override void Write(byte[] buffer, int offset, int count)
    {
        var letters = new char[count + 1];
        int length = _utf8.GetChars(buffer, offset, count, letters, 0);
        lock (_gate)
        {
            _raw.Append(letters, 0, length);
            foreach (char letter in letters.AsSpan(0, length)) { Take(letter); }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(char letter)
    {
        if (_escape.Length > 0 || letter == '\e')
        {
            _escape += letter;
            if (_escape.Length > 2 && letter is >= '@' and <= '~') { Obey(_escape[2..^1], letter); }
            return;
        }

        switch (letter)
        {
            case '\r': _column = 0; break;
            case '\n': Down(); break;
            default: Put(letter); break;
        }
    }

    private void Obey(string arguments, char command)
    {
        _escape = "";
        int count = int.TryParse(arguments, CultureInfo.InvariantCulture, out int number) ? number : 0;
        switch (command)
        {
            case 'A': _row = Math.Max(Top, _row - Math.Max(1, count)); break;
            case 'H': (_row, _column) = (Top, 0); break;
            case 'K': Clear(_row, _column); break;
            case 'J' when count == 2:
                for (int row = Top; row < _screen.Count; row++) { Clear(row, 0); }
                break;
            case 'J':
                Clear(_row, _column);
                for (int row = _row + 1; row < _screen.Count; row++) { Clear(row, 0); }
                break;
            case 'm' or 'h' or 'l': break;
            default: throw new InvalidOperationException($"The view must not send ESC[{arguments}{command}.");
        }
    }

    private void Put(char letter)
    {
        if (_column == columns) { Down(); }
        StringBuilder line = _screen[_row];
        while (line.Length <= _column) { line.Append(' '); }
        line[_column++] = letter;
    }

    private void Down()
    {
        _column = 0;
        if (++_row == _screen.Count) { _screen.Add(new StringBuilder()); }
    }

    private void Clear(int row, int column)
    {
        if (_screen[row].Length > column) { _screen[row].Length = column; }
    }
}
