using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LaionStream.Models.Tests.Pictures.Jpeg;

/// <summary>The reference: libturbojpeg and the programs cjpeg and jpegtran, if the machine has them.</summary>
internal static unsafe class TurboJpeg
{
    /// <summary>Printed by skipped tests.</summary>
    public const string MissingReason = "libturbojpeg.so.0, cjpeg and jpegtran (Debian: libturbojpeg0, libjpeg-turbo-progs) are not here";

    private const int Rgb = 0, Grey = 6, Cmyk = 11; // TJPF_*

    private static readonly nint Library = NativeLibrary.TryLoad("libturbojpeg.so.0", out nint library) ? library : 0;

    /// <summary>Whether all of them are installed.</summary>
    public static bool Exists => Library != 0 && File.Exists("/usr/bin/cjpeg") && File.Exists("/usr/bin/jpegtran");

    /// <summary>Decodes a file as djpeg does by default.</summary>
    /// <returns>The pixels, and its warning or null; the pixels are null when it gives up.</returns>
    public static (byte[]? Pixels, string? Warning) Decode(byte[] file, int width, int height, int components)
    {
        var pixels = new byte[width * height * components];
        nint handle = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(Library, "tjInitDecompress"))();
        try
        {
            int format = components switch { 1 => Grey, 3 => Rgb, _ => Cmyk };
            var decode = (delegate* unmanaged<nint, byte*, nuint, byte*, int, int, int, int, int, int>)NativeLibrary.GetExport(Library, "tjDecompress2");
            fixed (byte* source = file, target = pixels)
            {
                if (decode(handle, source, (nuint)file.Length, target, width, 0, height, format, 0) == 0) { return (pixels, null); }
            }

            string? text = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(Library, "tjGetErrorStr2"))(handle));
            bool fatal = ((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(Library, "tjGetErrorCode"))(handle) == 1;
            return (fatal ? null : pixels, text);
        }
        finally
        {
            _ = ((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(Library, "tjDestroy"))(handle);
        }
    }

    /// <summary>Encodes pixels with cjpeg.</summary>
    public static byte[] Encode(int width, int height, int components, byte[] pixels, params string[] arguments)
    {
        byte[] header = System.Text.Encoding.ASCII.GetBytes($"P{(components == 1 ? 5 : 6)}\n{width} {height}\n255\n");
        return Run("cjpeg", [.. header, .. pixels], arguments);
    }

    /// <summary>Transcodes a file with jpegtran.</summary>
    public static byte[] Transcode(byte[] file, params string[] arguments) => Run("jpegtran", file, arguments);

    private static byte[] Run(string program, byte[] input, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        var written = new Thread(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        written.Start();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        written.Join();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 || output.Length > 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output.ToArray();
    }
}
