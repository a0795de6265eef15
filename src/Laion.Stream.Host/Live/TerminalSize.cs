using System.Runtime.InteropServices;

namespace LaionStream.Host.Live;

/// <summary>Size of a terminal in cells.</summary>
/// <param name="Columns">Cells of a line.</param>
/// <param name="Rows">Lines.</param>
internal readonly partial record struct TerminalSize(int Columns, int Rows)
{
    private const int StandardError = 2;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ of Linux

    private static readonly TerminalSize Usual = new(80, 24);

    /// <summary>The size of stderr's terminal now; 80 × 24 when it does not tell.</summary>
    /// <remarks>The runtime reads stdout's terminal, which may be a file while stderr is a terminal.</remarks>
    public static TerminalSize OfStandardError()
    {
        if (OperatingSystem.IsLinux())
        {
            return Ioctl(StandardError, GetWindowSize, out WindowSize size) == 0 && size is { Columns: > 0, Rows: > 0 }
                ? new TerminalSize(size.Columns, size.Rows)
                : Usual;
        }

        try
        {
            return Console.WindowWidth > 0 && Console.WindowHeight > 0 ? new TerminalSize(Console.WindowWidth, Console.WindowHeight) : Usual;
        }
        catch (IOException)
        {
            return Usual; // stdout is no terminal
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int file, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize
    {
        public readonly ushort Rows;
        public readonly ushort Columns;
        public readonly ushort Width;
        public readonly ushort Height;
    }
}
