package tg.gouv.messagerie.mail.jmap;

import javax.inject.Inject;
import org.apache.james.events.Event;
import org.apache.james.events.EventListener.ReactiveGroupEventListener;
import org.apache.james.events.Group;
import org.apache.james.jmap.change.EmailTypeName$;
import org.apache.james.jmap.change.MailboxTypeName$;
import org.apache.james.jmap.change.StateChangeEvent;
import org.apache.james.jmap.pushsubscription.PushListener;
import org.reactivestreams.Publisher;

/**
 * Wakes devices by web push of what is not mail, such as an absence. For mail {@link StateChanges} does so when somebody has
 * subscribed: James's listener alone would ask PostgreSQL twice for each delivery.
 */
public final class OtherPushes implements ReactiveGroupEventListener {
    private final PushListener push;

    @Inject
    OtherPushes(PushListener push) {
        this.push = push;
    }

    @Override
    public Group getDefaultGroup() {
        return push.getDefaultGroup();
    }

    @Override
    public boolean isHandling(Event event) {
        return event instanceof StateChangeEvent change
                && change.getState(EmailTypeName$.MODULE$).isEmpty()
                && change.getState(MailboxTypeName$.MODULE$).isEmpty();
    }

    @Override
    public Publisher<Void> reactiveEvent(Event event) {
        return push.reactiveEvent(event);
    }
}
