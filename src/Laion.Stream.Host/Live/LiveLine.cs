using Spectre.Console;
using Spectre.Console.Rendering;

namespace LaionStream.Host.Live;

/// <summary>One line of a view: texts with their styles. It is cut at the width of the terminal and never wraps.</summary>
internal sealed class LiveLine
{
    /// <summary>What matters most in a line.</summary>
    public static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Labels and units.</summary>
    public static readonly Style Quiet = new(decoration: Decoration.Dim);

    // Of the sixteen colours of every terminal, these three can be read on a light and on a dark background.

    /// <summary>Progress.</summary>
    public static readonly Style Good = new(Color.Green);

    /// <summary>What limits the run, and errors.</summary>
    public static readonly Style Hot = new(Color.Maroon, decoration: Decoration.Bold);

    /// <summary>Warnings.</summary>
    public static readonly Style Warning = new(Color.Purple);

    private readonly List<Segment> _segments = [];

    /// <summary>Cells that the line takes when it is not cut.</summary>
    public int Width => Segment.CellCount(_segments);

    /// <summary>A line of one text.</summary>
    public static LiveLine Of(string text, Style? style = null) => new LiveLine().Add(text, style);

    /// <summary>Appends a text; characters that would move the cursor or change the terminal are replaced.</summary>
    public LiveLine Add(string text, Style? style = null)
    {
        if (text.Length > 0) { _segments.Add(new Segment(Harmless(text), style ?? Style.Plain)); }
        return this;
    }

    /// <summary>Appends another line.</summary>
    public LiveLine Add(LiveLine line)
    {
        _segments.AddRange(line._segments);
        return this;
    }

    /// <summary>Appends blanks up to a cell.</summary>
    public LiveLine PadTo(int cell)
    {
        int missing = cell - Width;
        return missing > 0 ? Add(new string(' ', missing)) : this;
    }

    /// <summary>The segments, cut at a width.</summary>
    public IEnumerable<Segment> Cut(int width) => Width <= width ? _segments : Segment.Truncate(_segments, width);

    /// <summary>The text without its styles.</summary>
    public override string ToString() => string.Concat(_segments.Select(segment => segment.Text));

    /// <summary>Texts of the web and of servers reach the log: an escape sequence in them must not reach the terminal.</summary>
    public static string Harmless(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => letter == '\t' ? ' ' : char.IsControl(letter) ? '\uFFFD' : letter)) : text;
}
