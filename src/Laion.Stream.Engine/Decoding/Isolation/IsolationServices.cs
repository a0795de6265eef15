using LaionStream.Engine.Flow;
using LaionStream.Engine.Ledger.State;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>Registration of the module. Without an <see cref="IDecodeProgram"/>, as inside another program, nothing is isolated.</summary>
internal static class IsolationServices
{
    /// <summary>Adds what a run needs to decode in other processes.</summary>
    public static IServiceCollection AddDecodeIsolation(this IServiceCollection services) => services
        .AddScoped(run => new KnownPoison(run.GetRequiredService<RunState>().Poison))
        .AddScoped(run => new DecodeChildren(
            run.GetRequiredService<IDecodeProgram>(),
            new ChildSetup(run.GetRequiredService<IOptions<ImagingOptions>>()
                .Value, run.GetRequiredService<IReadOnlyList<PixelSpec>>(), run.GetRequiredService<PictureKeeper>().Resize),
            run.GetRequiredService<ILogger<DecodeChildren>>()))
        .AddScoped(run => new IsolatedDecode(
            run.GetRequiredService<DecodeChildren>(),
            reuse: run.GetRequiredService<IOptions<ImagingOptions>>().Value.Isolation == DecodeIsolation.Always,
            run.GetRequiredService<FlightBudgets>().Pixels,
            new PoisonNotes(run.GetRequiredService<RunState>(), run.GetRequiredService<KnownPoison>(), run.GetRequiredService<TimeProvider>()).Take,
            run.GetRequiredService<ILogger<IsolatedDecode>>(),
            run.GetRequiredService<PictureKeeper>()));
}
