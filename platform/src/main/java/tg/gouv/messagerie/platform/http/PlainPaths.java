package tg.gouv.messagerie.platform.http;

import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Refuses a path with an encoded slash or percent sign, which two readers may divide differently, unless its door reads segments. */
final class PlainPaths extends Handler.Wrapper {
    private final Set<String> segmentDoors;

    /**
     * Before the doors.
     *
     * @param segmentDoors the path prefixes of those that read segments
     */
    PlainPaths(Set<String> segmentDoors, Handler doors) {
        super(doors);
        this.segmentDoors = Set.copyOf(segmentDoors);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHttpURI().isAmbiguous()
                && segmentDoors.stream().noneMatch(Request.getPathInContext(request)::startsWith)) {
            Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
            return true;
        }
        return super.handle(request, response, callback);
    }
}
