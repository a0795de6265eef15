using LaionStream.Explorer.Settings;

namespace LaionStream.Explorer.Tests;

public sealed class ExplorerOptionsTests
{
    [Fact]
    public void Listen_Default_IsThisMachineOnly() => Assert.StartsWith("127.0.0.1:", new ExplorerOptions().Listen, StringComparison.Ordinal);
}
