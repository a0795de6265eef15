using LaionStream.Engine.Inputs.Inflating;
using LaionStream.Engine.Inputs.Opening;

namespace LaionStream.Engine.Inputs.Records;

/// <summary>
/// gzip members (RFC 1952). One <see cref="GunzipStream"/> reads all of them. It checks the CRC and length of each, but does not report where a
/// member ends; the length in the trailer before a boundary shows it. One case stays undetected: a member that
/// lost bytes close to its end but whose length still matches is taken for complete, and the member after it may be lost.
/// </summary>
internal sealed class GzipMembers(MemberWindow window, InputHealth health) : CompressedMembers(window, health)
{
    /// <inheritdoc/>
    protected override Stream Open(Stream window) => new GunzipStream(window);

    /// <inheritdoc/>
    protected override bool EndsMember(uint trailer, long memberBytes) => trailer == (uint)memberBytes;

    /// <inheritdoc/>
    protected override bool EndsBeforeDamage(MemberWindow window, long memberBytes) => window.ContainsMemberEnd((uint)memberBytes);

    /// <inheritdoc/>
    protected override bool IsDamage(Exception e) => e is InvalidDataException;

    /// <inheritdoc/>
    /// <remarks>The decompressor asks for bytes after the file's end only where it misses some: wrong ones it reports before.</remarks>
    protected override bool IsCut(Exception e) => HasReadToEnd;
}
