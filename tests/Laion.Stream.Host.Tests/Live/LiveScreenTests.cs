using System.Diagnostics;
using LaionStream.Host.Live;

namespace LaionStream.Host.Tests.Live;

/// <summary>The view at the bottom of a terminal and the lines above it.</summary>
public sealed class LiveScreenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly LiveTerminal Colourful = new(HasColour: true, IsUnicode: true);

    [Fact]
    public void Write_LinesAndAView_TheViewStaysBelowTheLines()
    {
        using var terminal = new FakeTerminal(40, 10);
        using (var screen = new LiveScreen(Colourful, _ => [LiveLine.Of("view 1"), LiveLine.Of("view 2")], () => new TerminalSize(40, 10), terminal))
        {
            for (int i = 0; i < 5; i++)
            {
                screen.Write(LiveLine.Of($"line {i}"));
                Until(() => terminal.Lines.Contains($"line {i}") && terminal.Lines[^1] == "view 2");
            }

            Assert.Equal(["line 0", "line 1", "line 2", "line 3", "line 4", "view 1", "view 2"], terminal.Lines);
            Assert.Equal(7, terminal.Cursor); // below the view: what a crash writes begins a line of its own
        }

        Assert.Equal(["line 0", "line 1", "line 2", "line 3", "line 4"], terminal.Lines);
    }

    [Fact]
    public void Draw_ViewWiderAndHigherThanTheScreen_IsCutOnBothSides()
    {
        using var terminal = new FakeTerminal(20, 6);
        using var screen = new LiveScreen(Colourful, _ => [.. Enumerable.Range(0, 12).Select(i => LiveLine.Of($"{i} 漢字 {new string('x', 50)}"))],
            () => new TerminalSize(20, 6), terminal);

        Until(() => terminal.Lines.Count > 0);

        Assert.Equal(5, terminal.Lines.Count); // none wraps, and the cursor's line is left
        Assert.All(terminal.Lines, line => Assert.InRange(line.Length, 1, 19));
    }

    [Fact]
    public void Draw_SizeChanges_TheOldViewIsGone()
    {
        using var terminal = new FakeTerminal(80, 10);
        var size = new TerminalSize(80, 10);
        using var screen = new LiveScreen(Colourful, now => [LiveLine.Of($"{now.Columns} columns")], () => size, terminal);
        Until(() => terminal.Lines.Contains("80 columns"));

        size = new TerminalSize(60, 10);
        Until(() => terminal.Lines.Contains("60 columns"));

        Assert.Equal(["60 columns"], terminal.Lines.Where(line => line.Length > 0));
    }

    [Fact]
    public void Write_EscapeSequenceInALine_IsNotSentToTheTerminal()
    {
        using var terminal = new FakeTerminal(60, 10);
        using var screen = new LiveScreen(Colourful, _ => [], () => new TerminalSize(60, 10), terminal);

        screen.Write(LiveLine.Of("title \e]0;owned\a and \e[31mred\u009b31m"));
        Until(() => terminal.Lines.Count > 0);

        Assert.DoesNotContain("\e]", terminal.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[31m", terminal.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain('\u009b', terminal.Raw);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Draw_Colours_OnlyWhereWanted(bool wanted)
    {
        using var terminal = new FakeTerminal(60, 10);
        using var screen = new LiveScreen(new LiveTerminal(wanted, true), _ => [LiveLine.Of("hot", LiveLine.Hot), LiveLine.Of("good", LiveLine.Good)],
            () => new TerminalSize(60, 10), terminal);

        Until(() => terminal.Lines.Count > 0);

        Assert.Equal(wanted, System.Text.RegularExpressions.Regex.IsMatch(terminal.Raw, "\e\\[[0-9;]*3[0-9]"));
    }

    [Fact]
    public async Task Write_TerminalThatStopsReading_HoldsUpNeitherWritersNorTheEnd()
    {
        using var terminal = new StoppedTerminal();
        var screen = new LiveScreen(Colourful, _ => [LiveLine.Of("view")], () => new TerminalSize(60, 10), terminal);
        Assert.True(terminal.Reached.Wait(Patience));

        Task writing = Task.Run(() =>
        {
            for (int i = 0; i < 5000; i++) { screen.Write(LiveLine.Of($"line {i}")); }
            screen.Dispose();
        });

        await writing.WaitAsync(Patience);
        terminal.Resume.Set();
    }

    [Fact]
    public void Write_TerminalThatIsGone_EndsTheViewOnly()
    {
        using var terminal = new LostTerminal();
        var screen = new LiveScreen(Colourful, _ => [LiveLine.Of("view")], () => new TerminalSize(60, 10), terminal);

        screen.Write(LiveLine.Of("line"));
        screen.Dispose();

        Assert.True(terminal.Writes > 0);
    }

    private static void Until(Func<bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "The terminal never showed it.");
            Thread.Sleep(5);
        }
    }

    private sealed class StoppedTerminal : MemoryStream
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Resume { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Reached.Set();
            Resume.Wait(Patience);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }

    private sealed class LostTerminal : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Fail();

        public override void Write(ReadOnlySpan<byte> buffer) => Fail();

        private void Fail()
        {
            Writes++;
            throw new IOException("Input/output error");
        }
    }
}
