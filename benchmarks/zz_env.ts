import {peerPackages, providePython} from './environment';
providePython(peerPackages, line => console.log(line)).then(x => console.log(x));
