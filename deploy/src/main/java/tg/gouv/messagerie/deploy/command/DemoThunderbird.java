package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet.SheetAccount;
import tg.gouv.messagerie.deploy.demo.ThunderbirdProfile;

/** {@code demo thunderbird NAME}: a profile of Thunderbird that has a person's mail and the directory. */
@Command(name = "thunderbird")
final class DemoThunderbird implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", defaultValue = "akossiwa", descriptionKey = "demo.thunderbird-who")
    private String who = "akossiwa";

    @Option(names = "--into", paramLabel = "DIR", descriptionKey = "demo.thunderbird-into")
    private Optional<Path> into = Optional.empty();

    @Mixin
    private final Target target;

    DemoThunderbird(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ConnectionSheet sheet = Demo.sheet(target);
        SheetAccount account = sheet.account(who).orElseThrow(() -> new Refusal(ExitStatus.USAGE, "demo.nobody", who));
        String local = account.address().substring(0, account.address().indexOf('@'));
        Path profile = into.orElseGet(() -> target.data().resolve("thunderbird").resolve(local));
        try {
            new ThunderbirdProfile(sheet, account).write(profile);
        } catch (FileAlreadyExistsException _) {
            throw new Refusal(ExitStatus.CANNOT_CREATE, "demo.thunderbird-there", profile);
        } catch (IOException e) {
            throw new Refusal(ExitStatus.INPUT_OUTPUT, "demo.thunderbird-failed", String.valueOf(e.getMessage()));
        }
        terminal.say("demo.thunderbird-ready", account.name(), profile.toAbsolutePath());
        terminal.say(
                "demo.thunderbird-password",
                terminal.interactive()
                        ? account.password()
                        : target.data().resolve(ConnectionSheet.FILE).toString());
        return ExitStatus.OK.number();
    }
}
