using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>The right to write to an output folder: an OS lock on <c>state/lock</c>, gone with the process however it ends.</summary>
internal sealed class OutputLock : IDisposable
{
    private readonly FileStream _file;

    private OutputLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="stateFolder">The output's <c>state</c> folder; exists.</param>
    /// <exception cref="OutputRefusedException">Another process has it, or the folder cannot be written.</exception>
    public static OutputLock Take(string stateFolder)
    {
        string path = Path.Combine(stateFolder, "lock");
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix: the kernel drops it with the last handle, kill -9 included.
            return new OutputLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OutputRefusedException($"The output folder cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new OutputRefusedException($"Another process is writing to this output (its lock is '{path}'), or the folder cannot be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
