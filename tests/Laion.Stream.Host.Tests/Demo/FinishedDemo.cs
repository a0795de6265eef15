using LaionStream.Engine.Run;

namespace LaionStream.Host.Tests.Demo;

/// <summary>The demo's run by default, ended: made once for the tests that only look at it.</summary>
public sealed class FinishedDemo : IAsyncLifetime
{
    /// <summary>The run.</summary>
    internal DemoRun Run { get; private set; } = null!;

    /// <summary>What it reported.</summary>
    internal RunReport Report { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Run = await DemoRun.StartAsync();
        Report = await Run.ExecuteAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Run.DisposeAsync();
}
