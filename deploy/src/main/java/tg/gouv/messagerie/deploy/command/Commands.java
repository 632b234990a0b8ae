package tg.gouv.messagerie.deploy.command;

import java.io.PrintWriter;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.SecondFactorKeyRefused;
import tg.gouv.messagerie.mail.james.MailRefused;
import tg.gouv.messagerie.platform.audit.AuditRefused;
import tg.gouv.messagerie.platform.backup.BackupRefused;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.database.DatabaseRefused;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.http.HttpRefused;
import tg.gouv.messagerie.platform.log.LogUnavailable;
import tg.gouv.messagerie.platform.settings.SettingsRefused;
import tg.gouv.messagerie.platform.tls.TlsRefused;

/** The command line: reads the arguments, runs the command, and turns what happened into a sentence and an exit status. */
public final class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private Commands() {}

    /**
     * Runs a command on this process's terminal.
     *
     * @param assembly how the program is made
     * @return the exit status, of {@code sysexits.h}
     */
    public static int run(Assembly<?, ?> assembly, String... arguments) {
        return commandLine(Terminal.ofProcess(), Clock.systemUTC(), assembly).execute(arguments);
    }

    static CommandLine commandLine(Terminal terminal, Clock clock, Assembly<?, ?> assembly) {
        CommandLine line = new CommandLine(new Top(terminal));
        line.addSubcommand(new Init<>(terminal, assembly));
        line.addSubcommand(new Dns<>(terminal, assembly));
        line.addSubcommand(new Up<>(terminal, clock, assembly));
        line.addSubcommand(new Down(terminal, assembly));
        line.addSubcommand(new Status(terminal, clock, assembly));
        line.addSubcommand(Queue.line(terminal, assembly));
        line.addSubcommand(new Trace(terminal, clock, assembly));
        line.addSubcommand(new SettingsCommands(terminal, assembly.settings()));
        CommandLine audit = new CommandLine(new Audit(terminal));
        audit.addSubcommand(new AuditVerify<>(terminal, assembly));
        audit.addSubcommand(new AuditList<>(terminal, assembly));
        audit.addSubcommand(new AuditPart(terminal, assembly));
        line.addSubcommand(audit);
        line.addSubcommand(new Backup<>(terminal, clock, assembly));
        line.addSubcommand(new Restore<>(terminal, clock, assembly));
        CommandLine routes = new CommandLine(new Routes(terminal));
        routes.addSubcommand(new RoutesShow(terminal, assembly));
        routes.addSubcommand(new RoutesDeadLetters(terminal, assembly));
        routes.addSubcommand(new RoutesReplay(terminal, assembly));
        line.addSubcommand(routes);
        CommandLine administrator = new CommandLine(new Administrator(terminal));
        administrator.addSubcommand(new AdministratorCode(terminal, assembly));
        line.addSubcommand(administrator);
        line.addSubcommand(new Activate(terminal, assembly));
        line.addSubcommand(PersonCommand.line(terminal, assembly));
        line.addSubcommand(GroupCommand.line(terminal, assembly));
        line.addSubcommand(RoomCommand.line(terminal, assembly));
        line.addSubcommand(DomainCommand.line(terminal, assembly));
        line.addSubcommand(MailingListCommand.line(terminal, assembly));
        line.addSubcommand(new Reassign(terminal, assembly));
        line.addSubcommand(new HandOver(terminal, assembly));
        line.addSubcommand(new GrantCommand(terminal, assembly));
        CommandLine imports = new CommandLine(new ImportCommand(terminal, assembly));
        imports.addSubcommand(new ImportUndo(terminal, assembly));
        imports.addSubcommand(new ImportList(terminal, assembly));
        imports.addSubcommand(new ImportTemplate(terminal));
        line.addSubcommand(imports);
        line.addSubcommand(new Export(terminal, assembly));
        line.addSubcommand(new RevokeCommand(terminal, assembly));
        line.addSubcommand(Demo.line(terminal, assembly));
        line.addSubcommand(new Version(terminal));
        offerHelp(line);
        line.setResourceBundle(terminal.texts().bundle());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
        line.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
        line.setParameterExceptionHandler(new UsageErrors(terminal));
        line.setExecutionExceptionHandler((failure, _, _) -> failed(failure, terminal));
        return line;
    }

    /** Gives the command and those below it the option {@code --help}. */
    private static void offerHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .descriptionKey("option.help")
                        .build());
        line.getSubcommands().values().stream().distinct().forEach(Commands::offerHelp);
    }

    private static int failed(Exception failure, Terminal terminal) {
        return switch (failure) {
            case Refusal it -> told(terminal, it.sentence(terminal.texts()), it.status());
            case SettingsRefused it -> told(terminal, it.text(terminal.texts().locale()), ExitStatus.SETTINGS);
            case ProvisioningRefused it ->
                told(terminal, it.sentence(terminal.texts().locale()), ExitStatus.DATA);
            case ImportRefused it ->
                told(
                        terminal,
                        it.sentence(terminal.texts().locale()),
                        it.reason() == ImportRefused.Reason.UNDER_WAY ? ExitStatus.TRY_AGAIN : ExitStatus.DATA);
            case TlsRefused it -> told(terminal, it.getMessage(), ExitStatus.SETTINGS);
            case HttpRefused it -> told(terminal, it.getMessage(), ExitStatus.UNAVAILABLE);
            case AuditRefused it -> told(terminal, it.getMessage(), ExitStatus.UNAVAILABLE);
            case SecondFactorKeyRefused it -> told(terminal, it.getMessage(), ExitStatus.UNAVAILABLE);
            case MailRefused it -> told(terminal, it.getMessage(), ExitStatus.UNAVAILABLE);
            case DatabaseRefused it -> told(terminal, it.getMessage(), ExitStatus.UNAVAILABLE);
            case BackupRefused it -> told(terminal, it.getMessage(), status(it.kind()));
            case BlobsUnavailable it -> told(terminal, it.getMessage(), ExitStatus.INPUT_OUTPUT);
            case LogUnavailable it -> told(terminal, it.getMessage(), ExitStatus.INPUT_OUTPUT);
            case StoreUnavailable it ->
                told(terminal, it.getMessage(), it.worthRetrying() ? ExitStatus.TRY_AGAIN : ExitStatus.UNAVAILABLE);
            default -> {
                LOG.error("event=command-failed", failure);
                yield told(
                        terminal,
                        terminal.texts().text("failed.unexpectedly", String.valueOf(failure)),
                        ExitStatus.SOFTWARE);
            }
        };
    }

    private static ExitStatus status(BackupRefused.Kind kind) {
        return switch (kind) {
            case MISSING -> ExitStatus.NO_INPUT;
            case DAMAGED -> ExitStatus.DATA;
            case OCCUPIED -> ExitStatus.CANNOT_CREATE;
            case DISK -> ExitStatus.INPUT_OUTPUT;
            case BUSY -> ExitStatus.TRY_AGAIN;
        };
    }

    private static int told(Terminal terminal, @Nullable String sentence, ExitStatus status) {
        terminal.complain(String.valueOf(sentence));
        return status.number();
    }

    /** {@code messagerie} alone shows what there is. */
    @Command(name = "messagerie")
    private static final class Top implements Runnable {
        private final Terminal terminal;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        Top(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void run() {
            spec.commandLine().usage(terminal.out());
        }
    }
}
