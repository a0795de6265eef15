using System.Runtime.InteropServices;
using LaionStream.Models.Pictures;

namespace LaionStream.Models.Tests.Pictures;

public sealed class NativeHeapTests
{
    [Fact]
    public void KeepBlocks_WhereGlibcIs_IsTaken() => Assert.Equal(NativeLibrary.TryLoad("libc.so.6", out _), NativeHeap.KeepBlocks());
}
