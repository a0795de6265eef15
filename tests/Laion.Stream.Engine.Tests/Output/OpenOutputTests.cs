using LaionStream.Engine.Filtering;
using LaionStream.Engine.Ledger.State;
using LaionStream.Engine.Output;
using LaionStream.Engine.Tests.Ledger;
using LaionStream.TestWorld;

namespace LaionStream.Engine.Tests.Output;

/// <summary>Tests that write into an open output in a folder of their own.</summary>
public abstract class OpenOutputTests : IAsyncLifetime
{
    private protected readonly TempFolder _folder = new();
    private protected readonly LedgerWorld _world;
    private protected readonly RunState _state;

    private protected OpenOutputTests(params IReadOnlyList<PartFileKind<KeptRow>> moreFiles)
    {
        _world = new LedgerWorld(_folder.Root) { MoreFiles = moreFiles };
        _state = _world.Open();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _state.DisposeAsync();
        _folder.Dispose();
    }
}
