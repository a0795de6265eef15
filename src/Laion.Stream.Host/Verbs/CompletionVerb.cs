using System.CommandLine;

namespace LaionStream.Host.Verbs;

/// <summary><c>completion</c>: prints a script with which a shell completes verbs and options. The program itself answers what may follow.</summary>
internal static class CompletionVerb
{
    /// <summary>
    /// Without a suggestion of ours bash completes file names. The program is asked under the name by which it is called; its options of one character, which
    /// repeat others, are left out.
    /// </summary>
    private const string Bash = """
        # source <(laion-stream completion bash)
        _laion_stream() {
          local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
          COMPREPLY=($(compgen -W "$("$1" "[suggest:${#line}]" "$line" 2> /dev/null | grep -vxE '[-/].')" -- "$2"))
        }
        complete -o default -F _laion_stream laion-stream
        """;

    private const string Zsh = """
        #compdef laion-stream
        # source <(laion-stream completion zsh), after compinit
        _laion_stream() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null | grep -vxE '[-/].')}")
          if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _laion_stream laion-stream
        """;

    private const string Fish = """
        # laion-stream completion fish | source
        function __laion_stream
          set -l line (commandline -cp)
          laion-stream "[suggest:"(string length -- "$line")"]" "$line" 2> /dev/null | string match -rv '^[-/].$'
        end
        complete -c laion-stream -a '(__laion_stream)'
        """;

    public static Command Command()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a completion script: source <(laion-stream completion bash).") { shell };
        command.SetAction(async (parsed, _) =>
        {
            string script = parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
            await Console.Out.WriteLineAsync(script);
            return Hosting.ExitCode.Done;
        });
        return command;
    }
}
