using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LaionStream.Host.Live;

/// <summary>Converts lines to what a terminal understands, with the colours that it shows.</summary>
/// <param name="terminal">What the terminal can show.</param>
internal sealed class LiveCanvas(LiveTerminal terminal)
{
    private const string ClearRest = "\e[K";
    private readonly StringBuilder _text = new();
    private IAnsiConsole? _console;

    /// <summary>The lines, each ended by a line break, over whatever was there.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="width">Cells after which they are cut; 0 for lines that may wrap.</param>
    public string Draw(IEnumerable<LiveLine> lines, int width)
    {
        _console ??= Create();
        var all = new StringBuilder();
        foreach (LiveLine line in lines)
        {
            _text.Clear();
            _console.Write(new Uncut(width == 0 ? line.Cut(int.MaxValue) : line.Cut(width)));
            all.Append(_text).Append(ClearRest).Append('\n');
        }

        return all.ToString();
    }

    private IAnsiConsole Create()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.HasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(new StringWriter(_text, CultureInfo.InvariantCulture)),
        });
        console.Profile.Width = short.MaxValue; // lines are cut here, never wrapped by the library
        return console;
    }

    private sealed class Uncut(IEnumerable<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
