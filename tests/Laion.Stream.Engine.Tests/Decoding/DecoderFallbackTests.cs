using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Tests.Decoding;

/// <summary>A platform without libvips: ImageSharp decodes instead, with one warning.</summary>
public sealed class DecoderFallbackTests
{
    private readonly Lines _lines = new();

    [Theory]
    [InlineData("vips", false, PictureLibrary.ImageSharp, 1)]
    [InlineData("vips", true, PictureLibrary.Vips, 0)]
    [InlineData("imagesharp", false, PictureLibrary.ImageSharp, 0)]
    [InlineData("imagesharp", true, PictureLibrary.ImageSharp, 0)]
    [InlineData(null, false, PictureLibrary.ImageSharp, 1)]
    public void Options_WithAndWithoutTheNativeLibrary_NameTheDecoderThatIsUsed(string? wanted, bool loads, PictureLibrary used, int warnings)
    {
        ImagingOptions options = Read(wanted, loads);

        Assert.Equal(used, options.Decoder);
        Assert.Equal(warnings, _lines.Warnings.Count(line => line.Contains("libvips does not load", StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_WithoutTheNativeLibrary_JpegsAreOurOwnToo() => Assert.Equal(JpegDecoding.Own, Read("vips", false, ("Jpeg", "vips")).Jpeg);

    [Fact]
    public void Options_WithoutTheNativeLibrary_TheFingerprintNamesTheDecoderThatIsUsed()
    {
        FingerprintEntry entry = ImagingFingerprint.Of(Read("vips", false)).Single(entry => entry.Key == "Imaging:Decoder");

        Assert.Equal("ImageSharp", entry.Value);
    }

    [Fact]
    public void Options_ImageSharp_TheNativeLibraryIsNotAskedFor()
    {
        bool asked = false;
        using ServiceProvider services = Services("imagesharp", () => asked = true);
        _ = services.GetRequiredService<IOptions<ImagingOptions>>().Value;

        Assert.False(asked);
    }

    [Theory]
    [InlineData("vips", 0)]
    [InlineData("imagesharp", 1)]
    public void Options_FormatThatImageSharpDoesNotDecode_IsSaid(string decoder, int warnings)
    {
        _ = Read(decoder, true, ("Avif", "true"));

        Assert.Equal(warnings, _lines.Warnings.Count(line => line.Contains("AVIF", StringComparison.Ordinal)));
    }

    private ImagingOptions Read(string? wanted, bool loads, params (string Key, string Value)[] others)
    {
        using ServiceProvider services = Services(wanted, () => loads, others);
        return services.GetRequiredService<IOptions<ImagingOptions>>().Value;
    }

    private ServiceProvider Services(string? wanted, VipsProbe probe, params (string Key, string Value)[] others)
    {
        var settings = others.ToDictionary(pair => "Laion:Imaging:" + pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        if (wanted is not null) { settings["Laion:Imaging:Decoder"] = wanted; }
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_lines))
            .AddLaionEngine(configuration)
            .AddSingleton(probe)
            .BuildServiceProvider();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warnings.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
