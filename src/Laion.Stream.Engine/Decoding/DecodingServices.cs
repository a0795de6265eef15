using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Decoding;

/// <summary>Registration of the module.</summary>
internal static class DecodingServices
{
    /// <summary>Adds the decode stage of a run. Its models provide the list of <see cref="PixelSpec"/>; tests replace <see cref="DecodeHooks"/>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="keeps">What the run's output stores of a picture.</param>
    public static IServiceCollection AddDecoding(this IServiceCollection services, Func<IServiceProvider, PictureKeeper> keeps) => services
        .AddSingleton(new DecodeHooks(ImageHeader.Read))
        .AddSingleton<VipsProbe>(static () => VipsLibrary.Loads)
        .AddSingleton<IPostConfigureOptions<ImagingOptions>, DecoderFallback>()
        .AddScoped(keeps)
        .AddScoped(run => new DecodeStage(
            run.GetRequiredService<IOptions<ImagingOptions>>().Value,
            run.GetRequiredService<IReadOnlyList<PixelSpec>>(),
            run.GetRequiredService<FlightBudgets>().Pixels,
            run.GetRequiredService<ILogger<DecodeStage>>(),
            run.GetRequiredService<PictureKeeper>(),
            run.GetRequiredService<DecodeHooks>()));
}
