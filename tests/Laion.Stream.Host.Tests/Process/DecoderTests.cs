using System.Globalization;
using LaionStream.Host.Tests.Faults;
using LaionStream.Models.Pictures.Headers;
using LaionStream.TestWorld.Makers;

namespace LaionStream.Host.Tests.Process;

/// <summary>Real processes without the native decoder: because it is not wanted, or because the platform has none.</summary>
public sealed class DecoderTests
{
    private static readonly ImageFormat[] Formats = [ImageFormat.Png, ImageFormat.WebP, ImageFormat.Jpeg, ImageFormat.Gif, ImageFormat.Tiff];

    [SkippableTheory]
    [InlineData("imagesharp", "suspects", false)]
    [InlineData("imagesharp", "always", false)]
    [InlineData("vips", "suspects", true)] // what the others assert can be seen
    public async Task Run_Decoder_LoadsTheNativeLibraryOnlyIfItIsLibvips(string decoder, string isolation, bool loads)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Loaded libraries are read from /proc.");
        await using SmallRun run = await StartAsync();
        run.Settings["Laion:Imaging:Decoder"] = decoder;
        run.Settings["Laion:Imaging:Isolation"] = isolation;
        run.Settings["Laion:Imaging:DecodeTimeout"] = "00:10:00";
        Func<string, byte[]> pictures = run.PictureOf!;
        run.PictureOf = path => path.EndsWith("/59.png", StringComparison.Ordinal) ? [.. pictures(path), .. StuckHost.Hang] : pictures(path);
        using HostProcess process = HostProcess.StartStuck("run", run.AllSettings());

        // The last picture keeps the run from ending; by the third part pictures of all formats have been decoded and stored.
        await process.UntilAsync(() => Directory.Exists(run.Output)
            && Directory.EnumerateFiles(run.Output, "part-*.parquet", SearchOption.AllDirectories).Count() >= 3);

        string[] libraries = [.. ProcessTree.Of(process.Id).SelectMany(ProcessTree.Libraries)];
        Assert.Contains(libraries, library => library.Contains("libSystem.Native", StringComparison.Ordinal));
        Assert.Equal(loads, libraries.Any(library => library.Contains("vips", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task Run_PlatformWithoutTheNativeLibrary_HasTheRowsOfOneThatHasItAndWarns()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/bin/cp"), "needs cp");
        await using SmallRun run = await StartAsync();
        run.Settings["Laion:Writing:Images"] = "none"; // two encoders of JPEG do not write the same bytes
        string with = run.Output;
        (int code, _, string error) = await EndAsync(HostProcess.Start(["run", .. HostProcess.Keys(run.AllSettings())]));
        Assert.True(code == 0, error);
        Assert.DoesNotContain("libvips does not load", error, StringComparison.Ordinal);

        DirectoryInfo copy = Directory.CreateTempSubdirectory("laion-without-vips");
        try
        {
            await CopyAsync(copy.FullName);
            run.Output = with + "-without";
            (code, _, error) = await EndAsync(HostProcess.StartCopy(copy.FullName, ["run", .. HostProcess.Keys(run.AllSettings())]));

            Assert.True(code == 0, error);
            Assert.Single(error.Split('\n'), line => line.Contains("libvips does not load", StringComparison.Ordinal));
            await run.AssertWholeAsync(SmallRun.KeptPerFile, SmallRun.LinksPerFile);
            Assert.Equal(await OutputRows.ReadAsync(with), await OutputRows.ReadAsync(run.Output));

            (code, string output, _) = await EndAsync(HostProcess.StartCopy(copy.FullName, "doctor"));
            Assert.Contains("libvips does not load", output, StringComparison.Ordinal);

            // The other machine goes on with neither output as if nothing were different.
            run.Output = with;
            (code, _, error) = await EndAsync(HostProcess.StartCopy(copy.FullName, ["run", .. HostProcess.Keys(run.AllSettings())]));
            Assert.Equal(2, code);
            Assert.Contains("Imaging:Decoder: the output has Vips, this run ImageSharp", error, StringComparison.Ordinal);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static async Task<SmallRun> StartAsync()
    {
        SmallRun run = await SmallRun.StartAsync(files: 1);
        byte[][] pictures = [.. Formats.Select(format => MadePictures.Encode(format, 500, 400))];
        run.PictureOf = path => pictures[int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture) % pictures.Length];
        run.Settings["Laion:Imaging:Gif"] = "true";
        run.Settings["Laion:Imaging:Tiff"] = "true";
        run.Settings["Laion:Writing:Images"] = "resized";
        run.Settings["Laion:Download:Timeout"] = "00:01:00";
        run.Settings["Laion:Download:MinThroughput"] = "0";
        return run;
    }

    /// <summary>The program's folder by hard links, with a file that is no library in the place of libvips.</summary>
    private static async Task CopyAsync(string folder)
    {
        using System.Diagnostics.Process copy = System.Diagnostics.Process.Start("cp", ["-rl", AppContext.BaseDirectory.TrimEnd('/') + "/.", folder]);
        await copy.WaitForExitAsync();
        Skip.If(copy.ExitCode != 0, "the temporary folder is on another file system");
        foreach (string library in Directory.GetFiles(folder, "libvips*", SearchOption.AllDirectories))
        {
            File.Delete(library);
            await File.WriteAllTextAsync(library, "no library");
        }
    }

    private static async Task<(int Code, string Output, string Error)> EndAsync(HostProcess process)
    {
        using (process) { return await process.EndAsync(); }
    }
}
