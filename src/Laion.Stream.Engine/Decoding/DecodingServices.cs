using LaionStream.Engine.Flow;
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
    public static IServiceCollection AddDecoding(this IServiceCollection services) => services
        .AddSingleton(new DecodeHooks(ImageHeader.Read))
        .AddScoped(run => new DecodeStage(
            run.GetRequiredService<IOptions<ImagingOptions>>().Value,
            run.GetRequiredService<IReadOnlyList<PixelSpec>>(),
            run.GetRequiredService<FlightBudgets>().Pixels,
            run.GetRequiredService<ILogger<DecodeStage>>(),
            run.GetRequiredService<DecodeHooks>()));
}
