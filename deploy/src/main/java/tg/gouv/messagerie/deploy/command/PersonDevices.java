package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.signin.DevicePasswords;

/** {@code person devices}: a person's device passwords, and taking one back. */
@Command(name = "devices")
final class PersonDevices implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    @Option(names = "--revoke", paramLabel = "ID", descriptionKey = "devices.revoke")
    private Optional<UUID> revoked = Optional.empty();

    PersonDevices(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        ControlClient program = new ControlClient(target.data());
        if (revoked.isPresent()) {
            boolean was = program.ask(
                            new ControlRequest.RevokeDevice(Named.address(person), revoked.get()),
                            ControlAnswer.Provisioned.class)
                    .changed();
            terminal.say(
                    was ? "devices.revoked" : "devices.not-there", revoked.get().toString());
            return was ? ExitStatus.OK.number() : ExitStatus.DATA.number();
        }
        List<DevicePasswords.Device> devices = program.ask(
                        new ControlRequest.Devices(Named.address(person)), ControlAnswer.Devices.class)
                .devices();
        if (devices.isEmpty()) {
            terminal.say("devices.none");
        }
        for (DevicePasswords.Device device : devices) {
            terminal.say(
                    "devices.line",
                    device.id().toString(),
                    Terminal.printable(device.name()),
                    device.protocols().stream()
                            .map(it -> it.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .collect(Collectors.joining(",")),
                    QueueLines.time(device.made()),
                    device.expires().map(QueueLines::time).orElse("-"),
                    device.lastUse()
                            .map(use -> QueueLines.time(use.at()) + " "
                                    + use.protocol().name().toLowerCase(Locale.ROOT) + " " + use.network())
                            .orElse("-"));
        }
        return ExitStatus.OK.number();
    }
}
