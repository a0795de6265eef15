using System.Globalization;
using LaionStream.Engine.Run;
using LaionStream.Host.Live;

namespace LaionStream.Host.Tests.Live;

/// <summary>Numbers, rates and the terminal's abilities.</summary>
public sealed class LiveTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(999.7, "1.00 kB")]
    [InlineData(1234, "1.23 kB")]
    [InlineData(99_960, "100 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(7.2e12, "7.20 TB")]
    [InlineData(9e21, "9000 EB")]
    public void Bytes_AnySize_ThreeDigits(double bytes, string expected) => Assert.Equal(expected, RunText.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1000, "1k")]
    [InlineData(12_345, "12.3k")]
    [InlineData(999_949, "1M")]
    [InlineData(4_500_000, "4.5M")]
    public void Short_AnyCount_FiveCharactersAtMost(double count, string expected) => Assert.Equal(expected, RunText.Short(count));

    [Theory]
    [InlineData(0, "0.0%")]
    [InlineData(0.9999, "99.9%")]
    [InlineData(1, "100.0%")]
    [InlineData(1.2, "100.0%")]
    [InlineData(-1, "0.0%")]
    [InlineData(0.4316, "43.1%")]
    public void Percent_AllButTheLast_IsNotAHundred(double share, string expected) => Assert.Equal(expected, RunText.Percent(share));

    [Theory]
    [InlineData("00:00:59", "00:00:59")]
    [InlineData("23:59:59", "23:59:59")]
    [InlineData("12.01:02:03", "12.01:02:03")]
    public void Time_FromADayOn_HasDays(string time, string expected) =>
        Assert.Equal(expected, RunText.Time(TimeSpan.Parse(time, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, true, "", "········")]
    [InlineData(1, true, "████████", "")]
    [InlineData(0.5, true, "████", "····")]
    [InlineData(0.07, true, "▌", "·······")]
    [InlineData(double.NaN, true, "", "········")]
    [InlineData(7, true, "████████", "")]
    [InlineData(0.5, false, "####", "....")]
    public void Bar_AnyShare_FillsItsCells(double share, bool isUnicode, string filled, string empty) =>
        Assert.Equal((filled, empty), LiveBar.Of(share, 8, isUnicode));

    [Theory]
    [InlineData("xterm-256color", "", "de_DE.UTF-8", true, true)]
    [InlineData("xterm", "1", "C.utf8", false, true)]
    [InlineData("linux", "", "C", true, false)]
    [InlineData("screen", "", null, true, false)]
    public void Of_NamedTerminal_FollowsTheEnvironment(string term, string noColor, string? lang, bool hasColour, bool isUnicode) =>
        Assert.Equal(new LiveTerminal(hasColour, isUnicode),
            LiveTerminal.Of(isOff: false, name => name switch { "TERM" => term, "NO_COLOR" => noColor, "LANG" => lang, _ => null }));

    [Theory]
    [InlineData("dumb", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("xterm", true)]
    public void Of_DumbTerminalOrNone_IsNone(string? term, bool isOff) =>
        Assert.Null(LiveTerminal.Of(isOff, name => name == "TERM" ? term : null));

    [Fact]
    public void Of_LocaleOfAll_ComesBeforeTheLanguage() =>
        Assert.False(LiveTerminal.Of(false, name => name switch { "TERM" => "xterm", "LC_ALL" => "POSIX", "LANG" => "en_GB.UTF-8", _ => null })!.IsUnicode);

    [Fact]
    public void PerSecond_RateThatChanges_IsThatOfTheLastTenSeconds()
    {
        var rate = new RecentRate();
        for (int second = 0; second <= 100; second++) { rate.Take(TimeSpan.FromSeconds(second), second <= 50 ? second * 10 : 500 + ((second - 50) * 100)); }

        Assert.Equal(100, rate.PerSecond, 1e-9);
        Assert.Equal(TimeSpan.FromSeconds(Math.Ceiling(4500 / rate.Steady)), rate.Until(10_000));
        Assert.InRange(rate.Steady, 80, 95); // the last minute
    }

    [Fact]
    public void Until_NothingHappens_IsUnknown()
    {
        var rate = new RecentRate();
        Assert.Null(rate.Until(10));
        for (int second = 0; second < 5; second++) { rate.Take(TimeSpan.FromSeconds(second), 3); }

        Assert.Null(rate.Until(10));
        Assert.Equal(0, rate.PerSecond);
    }

    [Fact]
    public void Line_LongText_IsCutAtItsLimit()
    {
        string line = PlainLog.Line(new string('x', 500));

        Assert.Equal(PlainLog.Most, line.Length);
        Assert.Matches("^[0-9]{2}:[0-9]{2}:[0-9]{2} INF x+…$", line);
    }

    [Fact]
    public void Interval_OfTheCommandLine_IsTaken()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), PlainLog.Interval(new Dictionary<string, string?> { ["Laion:Pipeline:SummaryInterval"] = "00:00:02" }));
        Assert.Equal(TimeSpan.FromMinutes(1), PlainLog.Interval(new Dictionary<string, string?>()));
    }
}
