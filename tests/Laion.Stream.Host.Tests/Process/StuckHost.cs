using System.Runtime.InteropServices;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Run;
using LaionStream.Host.Hosting;
using LaionStream.Host.Verbs;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Text.Languages;
using Microsoft.Extensions.DependencyInjection;

namespace LaionStream.Host.Tests.Process;

/// <summary>
/// The executable with stages that never return for marked rows: this test assembly started as a program. Everything but the hooks is the executable's own.
/// </summary>
internal static partial class StuckHost
{
    /// <summary>Behind a picture's bytes: reading its header is an endless loop of managed code.</summary>
    public static ReadOnlySpan<byte> Spin => "spin"u8;

    /// <summary>Behind a picture's bytes: reading its header is a native call that does not return.</summary>
    public static ReadOnlySpan<byte> Hang => "hang"u8;

    /// <summary>In the environment: the end of the captions that the language model never returns from.</summary>
    public const string StuckCaption = "STUCK_CAPTION";

    /// <summary>The program: a verb and settings.</summary>
    public static async Task<int> Main(string[] args)
    {
        ProcessEnd.OfProgram = new ProcessEnd();
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        CommandLine.TakeSettings(args[1..], settings);
        await using EngineHost host = EngineHost.Start(null, settings, logsBesideOutput: true, services =>
        {
            services.AddSingleton(new DecodeHooks(ReadHeader));
            if (Environment.GetEnvironmentVariable(StuckCaption) is { } caption) { services.AddSingleton<ILanguageModel>(new StuckModel(caption)); }
        });
        (CancellationToken stop, CancellationToken abort) = (host.Signals.Stop, host.Signals.Abort);
        return await Outcome.OfAsync(
            () => args[0] switch
            {
                "run" => host.Services.GetRequiredService<DatasetRun>().ExecuteAsync("run", stop, abort),
                "retry" => host.Services.GetRequiredService<DatasetRun>().RetryAsync(new Retry(new HashSet<DropReason>(), TimeSpan.Zero), stop, abort),
                _ => host.Services.GetRequiredService<ExtractRun>().ExecuteAsync(stop, abort),
            },
            Console.Out,
            Console.Error,
            abort);
    }

    private static ImageHeader ReadHeader(ReadOnlySpan<byte> body)
    {
        if (body.EndsWith(Spin)) { Loop(); }
        if (body.EndsWith(Hang)) { _ = Sleep(uint.MaxValue); }
        return ImageHeader.Read(body);
    }

    private static void Loop()
    {
        ulong turns = 0;
        while (true) { turns++; }
    }

    [LibraryImport("libc", EntryPoint = "sleep")]
    private static partial uint Sleep(uint seconds);

    private sealed class StuckModel(string caption) : ILanguageModel
    {
        public LanguageAnswer Identify(ReadOnlySpan<char> text)
        {
            if (text.EndsWith(caption, StringComparison.Ordinal)) { Loop(); }
            return new LanguageAnswer("en", 1, true);
        }
    }
}
