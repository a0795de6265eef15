using LaionStream.Engine.Ledger.State;

namespace LaionStream.Engine.Tests.Ledger;

public sealed class InputIdentityTests
{
    [Theory]
    [InlineData("/in/a b?c#d.wat", "/in/a b?c#d.wat")] // a local path holds no secret
    [InlineData("https://h.example/a.wat", "https://h.example/a.wat")]
    [InlineData("https://me:secret@h.example/a.wat", "https://h.example/a.wat")]
    [InlineData("https://h.example/a.wat?X-Amz-Signature=secret&x-amz-date=1", "https://h.example/a.wat")]
    [InlineData("https://h.example/a.wat?sv=2024&se=2026-01-01&sr=b&sig=secret", "https://h.example/a.wat")]
    [InlineData("https://h.example/a.wat?Expires=1&Signature=secret&Key-Pair-Id=K", "https://h.example/a.wat")]
    [InlineData("https://h.example/a.wat?access_token=secret", "https://h.example/a.wat")]
    public void Of_SecretsOfAnAddress_AreNotKept(string location, string expected) => Assert.Equal(expected, InputIdentity.Of(location));

    [Fact]
    public void Of_OtherQueries_TellFilesApartWithoutShowingThem()
    {
        string[] lines = [.. new[] { "?id=1", "?id=2", "?id=1&sig=x", "" }.Select(query => InputIdentity.Of("https://h.example/data" + query))];

        Assert.Equal(3, lines.Distinct().Count());
        Assert.Equal(lines[0], lines[2]);
        Assert.DoesNotContain(lines, line => line.Contains("id=", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(line, InputIdentity.Of(line)));
        Assert.All(lines, line => Assert.Equal("https://h.example/data", InputIdentity.AddressOf(line)));
    }

    [Theory]
    [InlineData("?st=1", "?st=2")] // Azure's name without its signature
    [InlineData("?Expires=1", "?Expires=2")]
    [InlineData("?token=a", "?token=b")]
    [InlineData("?id=a", "?ID=a")]
    public void Of_ParametersThatMayNameAFile_TellFilesApart(string one, string other) =>
        Assert.NotEqual(InputIdentity.Of("http://h/d" + one), InputIdentity.Of("http://h/d" + other));

    [Fact]
    public void Name_OfTwoFilesOfOneName_TellsThemApartAndNeverChanges()
    {
        string[] inputs = Lines(
            "/in/a/x.csv", "/in/b/x.csv", "/other/b/x.csv", "https://h.example/b/x.csv?sig=secret", "/in/y.csv", "https://h.example/d?id=1",
            "https://h.example/d?id=2", "/in/a/x.csv");
        string[] expected = ["x.csv", "b/x.csv", "other/b/x.csv", "h.example/b/x.csv", "y.csv", "d", "h.example/d", "x.csv"];
        var names = new InputNames();

        Assert.Equal(expected[3], names.Of(3, inputs));
        Assert.Equal(expected, inputs.Select((_, number) => names.Of(number, inputs)));
        Assert.Equal(expected[..4], inputs[..4].Select((_, number) => new InputNames().Of(number, inputs[..4])));
    }

    [Fact]
    public void Name_OfAddressesThatDifferInTheirQueryOnly_HasTheNumber()
    {
        string[] inputs = Lines([.. Enumerable.Range(0, 5).Select(i => $"http://h/d?id={i}")]);
        var names = new InputNames();
        string[] found = [.. inputs.Select((_, number) => names.Of(number, inputs))];

        Assert.Equal(5, found.Distinct().Count());
        Assert.DoesNotContain(found, name => name.Contains("id=", StringComparison.Ordinal));
    }

    private static string[] Lines(params string[] locations) => [.. locations.Select(InputIdentity.Of)];
}
