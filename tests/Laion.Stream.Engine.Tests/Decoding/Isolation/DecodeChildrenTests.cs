using System.Diagnostics;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Engine.Download;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Decoding.Isolation;

/// <summary>Children that a picture has taken over: shell scripts that answer what no decoder answers.</summary>
public sealed class DecodeChildrenTests
{
    private const string ReadySteps = "head -c 4 | od -An -tu4 > /dev/null; printf 'R\\001'; ";

    private readonly ByteBudget _bodies = new("bodies", 1 << 20);
    private readonly ByteBudget _pixels = new("pixels", 1 << 20);
    private readonly List<ChildEnd> _ends = [];

    [SkippableTheory]
    [InlineData("printf 'K'", "protocol")] // pixels before any were reserved
    [InlineData("printf 'N\\377\\377\\377\\377\\377\\377\\377\\177'", "protocol")] // pixels of eight exabytes
    [InlineData("printf 'N\\377\\377\\377\\377\\377\\377\\377\\377'", "protocol")] // of less than none
    [InlineData("printf 'D\\001\\000\\000\\000\\000\\000\\000\\000'", "protocol")] // a reason that is not a picture's
    [InlineData("printf 'D\\377\\377\\377\\177\\000\\000\\000\\000'", "protocol")]
    [InlineData("printf 'X\\000\\000\\000\\000\\377\\377\\377\\177'", "protocol")] // a text of 2 GB
    [InlineData("printf 'X\\000\\000\\000\\000\\377\\377\\377\\377'", "protocol")]
    [InlineData("printf 'hello'", "protocol")]
    [InlineData("printf 'N\\000\\000\\000\\000\\000\\000\\000\\000K\\000\\000\\000\\000\\001\\000\\000\\0000123456789abcdef'", "protocol")] // no width
    [InlineData("printf 'N\\000\\000\\000\\000\\000\\000\\000\\000K\\377\\377\\377\\177\\377\\377\\377\\1770123456789abcdef'", "protocol")] // beyond MaxPixels
    [InlineData("printf 'N\\000\\000\\000\\000\\000\\000\\000\\000K\\001\\000\\000\\000\\001\\000\\000\\0000123456789ABCDEF'", "protocol")] // no hash
    [InlineData("exit 0", "exit")]
    [InlineData("exit 3", "exit")]
    [InlineData("kill -SEGV $$", "SIGSEGV")]
    [InlineData("kill -ABRT $$", "SIGABRT")]
    [InlineData("kill -BUS $$", "SIGBUS")]
    [InlineData("kill -ILL $$", "SIGILL")]
    [InlineData("kill -FPE $$", "SIGFPE")]
    [InlineData("head -c 100000 /dev/urandom | tr 'KNDX' '....'", "protocol")] // noise of no kind
    [InlineData("printf 'N\\000\\000'; exec 1>&-", "protocol")] // half an answer, and the pipe is closed while it lives
    [InlineData("kill -KILL $$", "SIGKILL")] // three times: whoever sends it, no fourth process is started
    public async Task RunAsync_ChildAnswersGarbage_TheRowIsPoisonAndNothingIsHeld(string answer, string why)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "needs a shell");
        using var children = Children(ReadySteps + answer + "; cat > /dev/null");
        var stage = new IsolatedDecode(children, reuse: false, _pixels, (_, end) => _ends.Add(end), NullLogger<IsolatedDecode>.Instance);

        Step<PreparedImage> step = await stage.RunAsync(await FetchAsync(), default).AsTask().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(DropReason.Poison, step.Drop.Reason);
        Assert.Equal(why, Assert.Single(_ends).ToString());
        Assert.Equal((0L, 0L), (_pixels.Held, _bodies.Held));
    }

    [SkippableFact]
    public async Task RunAsync_ChildrenDoNotStart_TheRunEndsWithTheReason()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "needs a shell");
        using var children = Children("exit 1");
        var stage = new IsolatedDecode(children, reuse: true, _pixels, (_, end) => _ends.Add(end), NullLogger<IsolatedDecode>.Instance);

        InvalidOperationException fault = await Assert.ThrowsAsync<InvalidOperationException>(async () => await stage.RunAsync(await FetchAsync(), default));

        Assert.Contains("Laion:Imaging:Isolation", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_ends); // the picture is not to blame
        Assert.Equal(0, _bodies.Held);
    }

    [SkippableFact]
    public async Task RunAsync_Abort_EndsTheChildWithoutAnOutcome()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "needs a shell");
        using var children = Children(ReadySteps + "cat > /dev/null");
        var stage = new IsolatedDecode(children, reuse: true, _pixels, (_, end) => _ends.Add(end), NullLogger<IsolatedDecode>.Instance);
        using var abort = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        FetchedImage image = await FetchAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(async () => await stage.RunAsync(image, abort.Token))
            .WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Empty(_ends);
        Assert.Equal(0, _bodies.Held);
    }

    [SkippableFact]
    public void Take_ChildsEnvironment_HasNoKeysOfTheRun()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "needs a shell");
        string found = Path.GetTempFileName();
        Environment.SetEnvironmentVariable("LAION_TEST_SECRET", "secret");
        try
        {
            using var children = Children($"env > {found}; {ReadySteps} cat > /dev/null");
            using DecodeChild child = children.Take(fresh: true);
            Assert.True(child.IsClosed);
            string text = File.ReadAllText(found);
            Assert.Contains("PATH=", text, StringComparison.Ordinal);
            Assert.Contains("VIPS_BLOCK_UNTRUSTED=1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LAION_TEST_SECRET", null);
            File.Delete(found);
        }
    }

    private static DecodeChildren Children(string script) =>
        new(new ShellProgram(script), new ChildSetup(new ImagingOptions(), [PixelSpec.Clip224]), NullLogger<DecodeChildren>.Instance);

    private async Task<FetchedImage> FetchAsync()
    {
        var candidate = new Candidate(new RowKey(0, 0), "http://pictures.test/a", "a picture", "?", null, "list", 0);
        return new FetchedImage(candidate, new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch),
            new PooledBody(new byte[16], 16, await _bodies.ReserveAsync(16, default)));
    }

    private sealed class ShellProgram(string script) : IDecodeProgram
    {
        public ProcessStartInfo Command() => new("/bin/sh", ["-c", script]);
    }
}
